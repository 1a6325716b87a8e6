"""Turn the original all-MiniLM-L6-v2 weights into ONNX: model.onnx (fp32) and model_int8.onnx.

usage: export_minilm.py WEIGHTS OUT_DIR
  WEIGHTS    model.safetensors of sentence-transformers/all-MiniLM-L6-v2
  OUT_DIR    receives both models, and only after both passed their checks

Both graphs take input_ids, attention_mask and token_type_ids (int64, [batch, sequence]) and give
last_hidden_state (float32, [batch, sequence, 384]). They use ONNX Runtime's fused operators (Attention,
SkipLayerNormalization, BiasGelu), because the runtime does not find all of these fusions by itself.
"""
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

HIDDEN, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12
FUSED = "com.microsoft"


def read_safetensors(path):
    """Tensors of a float32 safetensors file: eight bytes of header length, a JSON header, then the data."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        start, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[start:end], np.float32).reshape(entry["shape"])
    return tensors


class Graph:
    """Collects nodes and weights, so that the encoder below reads like the model."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def weight(self, name, array):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, operator, inputs, output, domain="", **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [output], output, domain=domain, **attributes))
        return output


def build_encoder(tensors):
    """The BERT encoder as an ONNX model."""
    graph = Graph()

    def weight(name):
        return graph.weight(name, tensors[name])

    def transposed(name):
        return graph.weight(name, tensors[name].T)

    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    hidden = add_embeddings(graph, weight)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}."
        attention = layer + "attention.self."
        parts = [attention + part for part in ("query", "key", "value")]
        joined = graph.weight(attention + "weight", np.concatenate([tensors[p + ".weight"].T for p in parts], axis=1))
        joined_bias = graph.weight(attention + "bias", np.concatenate([tensors[p + ".bias"] for p in parts]))
        graph.add("Attention", [hidden, joined, joined_bias, "mask"], attention + "out", FUSED, num_heads=HEADS)
        hidden = add_projection(graph, attention + "out", hidden, layer + "attention.output.", weight, transposed)

        inner = layer + "intermediate.dense."
        graph.add("MatMul", [hidden, transposed(inner + "weight")], inner + "out")
        graph.add("BiasGelu", [inner + "out", weight(inner + "bias")], inner + "gelu", FUSED)
        hidden = add_projection(graph, inner + "gelu", hidden, layer + "output.", weight, transposed)
    graph.nodes[-1].output[0] = "last_hidden_state"
    return finish(graph)


def add_embeddings(graph, weight):
    """Word, position and segment embeddings, added and normalised."""
    prefix = "embeddings."
    for number in (0, 1):
        graph.weight(f"number.{number}", np.array([number], np.int64))
    graph.add("Shape", ["input_ids"], "sequence_length", start=1, end=2)
    graph.add("Slice", [weight(prefix + "position_embeddings.weight"), "number.0", "sequence_length", "number.0"], "positions")
    graph.add("Gather", [weight(prefix + "word_embeddings.weight"), "input_ids"], "words")
    graph.add("Gather", [weight(prefix + "token_type_embeddings.weight"), "token_type_ids"], "segments")
    graph.add("Add", ["words", "segments"], "words_and_segments")
    graph.add("Add", ["words_and_segments", "positions"], "embedded")
    norm = [weight(prefix + "LayerNorm.weight"), weight(prefix + "LayerNorm.bias")]
    return graph.add("LayerNormalization", ["embedded", *norm], "normalised", axis=-1, epsilon=EPSILON)


def add_projection(graph, source, residual, prefix, weight, transposed):
    """A dense layer back into the hidden state: its bias, the residual and the normalisation are one operator."""
    dense = graph.add("MatMul", [source, transposed(prefix + "dense.weight")], prefix + "dense")
    inputs = [dense, residual, weight(prefix + "LayerNorm.weight"), weight(prefix + "LayerNorm.bias"), weight(prefix + "dense.bias")]
    return graph.add("SkipLayerNormalization", inputs, prefix + "sum", FUSED, epsilon=EPSILON)


def finish(graph):
    shape = ["batch", "sequence"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*shape, HIDDEN])
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(FUSED, 1)]
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [output], graph.weights)
    return helper.make_model(body, opset_imports=opsets, ir_version=10, producer_name="footnote")
