"""Turn the original all-MiniLM-L6-v2 weights into ONNX: model.onnx (fp32) and model_int8.onnx.

usage: export_minilm.py WEIGHTS VOCABULARY OUT_DIR
  WEIGHTS    model.safetensors of sentence-transformers/all-MiniLM-L6-v2
  VOCABULARY its vocab.txt, one word piece a line
  OUT_DIR    receives both models, and only after both passed their checks

Both graphs take input_ids, attention_mask and token_type_ids (int64, [batch, sequence]) and give
last_hidden_state (float32, [batch, sequence, 384]). They use ONNX Runtime's fused Attention and BiasGelu,
because the runtime does not find the first by itself. Its SkipLayerNormalization is left out on purpose: on a
CPU it is slower than Add and LayerNormalization.
"""
import json
import math
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

HIDDEN, HEADS, LAYERS, EPSILON = 384, 12, 6, 1e-12
FUSED = "com.microsoft"
LEAST_COSINE = {"fp32": 0.9999, "int8": 0.99, "int8 with seven-bit weights": 0.98}
# Only words that are in the vocabulary as they stand, so that the check needs no tokenizer.
SENTENCES = [
    "every employee has thirty days of paid leave a year",
    "a gift worth more than fifty euros must be reported to the compliance office before it is accepted",
    "how many days can i work from home",
    "the company does not process personal data without a written contract and keeps it for six months",
    "a password must be at least twelve characters long and may not be shared",
    "who must approve travel to another country",
    "a person who reports misconduct in good faith is protected from dismissal",
    "expenses are paid within two weeks after the manager has signed the report",
    "insurance",
    "the board meets in january , april , july and october ; minutes are kept for ten years in the archive",
]


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
    graph.weight("zero", np.array([0], np.int64))
    graph.add("Shape", ["input_ids"], "sequence_length", start=1, end=2)
    graph.add("Slice", [weight(prefix + "position_embeddings.weight"), "zero", "sequence_length", "zero"], "positions")
    graph.add("Gather", [weight(prefix + "word_embeddings.weight"), "input_ids"], "words")
    graph.add("Gather", [weight(prefix + "token_type_embeddings.weight"), "token_type_ids"], "segments")
    graph.add("Add", ["words", "segments"], "words_and_segments")
    graph.add("Add", ["words_and_segments", "positions"], "embedded")
    norm = [weight(prefix + "LayerNorm.weight"), weight(prefix + "LayerNorm.bias")]
    return graph.add("LayerNormalization", ["embedded", *norm], "normalised", axis=-1, epsilon=EPSILON)


def add_projection(graph, source, residual, prefix, weight, transposed):
    """A dense layer back into the hidden state, the residual added and the sum normalised."""
    graph.add("MatMul", [source, transposed(prefix + "dense.weight")], prefix + "dense")
    graph.add("Add", [prefix + "dense", weight(prefix + "dense.bias")], prefix + "biased")
    graph.add("Add", [prefix + "biased", residual], prefix + "sum")
    norm = [weight(prefix + "LayerNorm.weight"), weight(prefix + "LayerNorm.bias")]
    return graph.add("LayerNormalization", [prefix + "sum", *norm], prefix + "out", axis=-1, epsilon=EPSILON)


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


def reference(tensors, ids):
    """The encoder in plain numpy for one sequence: what the exported graph is checked against."""

    def dense(x, name):
        return x @ tensors[name + ".weight"].T + tensors[name + ".bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
        return scaled * tensors[name + ".weight"] + tensors[name + ".bias"]

    def split_heads(x):
        return x.reshape(len(ids), HEADS, -1).transpose(1, 0, 2)

    prefix = "embeddings."
    x = tensors[prefix + "word_embeddings.weight"][ids] + tensors[prefix + "position_embeddings.weight"][: len(ids)]
    x = norm(x + tensors[prefix + "token_type_embeddings.weight"][0], prefix + "LayerNorm")
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}."
        query, key, value = (split_heads(dense(x, f"{layer}attention.self.{part}")) for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(HIDDEN // HEADS)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        context = (weights / weights.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(ids), HIDDEN)
        x = norm(dense(context, layer + "attention.output.dense") + x, layer + "attention.output.LayerNorm")
        inner = dense(x, layer + "intermediate.dense")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = norm(dense(inner, layer + "output.dense") + x, layer + "output.LayerNorm")
    return x


def unit(vector):
    return vector / np.linalg.norm(vector)


def mean_cosine(path, sequences, expected):
    """Mean cosine between what the model at `path` makes of the sequences, padded into one batch, and `expected`."""
    longest = max(len(ids) for ids in sequences)
    batch = np.array([ids + [0] * (longest - len(ids)) for ids in sequences], np.int64)
    mask = np.array([[1] * len(ids) + [0] * (longest - len(ids)) for ids in sequences], np.int64)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    inputs = {"input_ids": batch, "attention_mask": mask, "token_type_ids": np.zeros_like(batch)}
    (hidden,) = session.run(None, inputs)
    vectors = [unit(rows[: len(ids)].mean(0)) for rows, ids in zip(hidden, sequences)]
    return float(np.mean([a @ b for a, b in zip(vectors, expected)]))


def quantise(source, target, reduce_range):
    """Weights to int8, a scale a column; activations are quantised while the model runs."""
    # Fused operators hide the types of their outputs from shape inference: they are all float.
    options = {"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(
        source, target, per_channel=True, reduce_range=reduce_range, weight_type=QuantType.QInt8, extra_options=options
    )


def require(kind, cosine):
    print(f"{kind}: mean cosine {cosine:.6f} to the original weights")
    if cosine < LEAST_COSINE[kind]:
        sys.exit(f"The {kind} model came out wrong on this machine: mean cosine {cosine:.4f} to the original.")


def main(weights, vocabulary, out):
    tensors = read_safetensors(weights)
    with open(vocabulary, encoding="utf-8") as file:
        numbers = {line.rstrip("\n"): number for number, line in enumerate(file)}
    sequences = [[numbers[word] for word in f"[CLS] {sentence} [SEP]".split()] for sentence in SENTENCES]
    expected = [unit(reference(tensors, ids).mean(0)) for ids in sequences]

    full, small = (os.path.join(out, name + ".part") for name in ("model.onnx", "model_int8.onnx"))
    onnx.save(build_encoder(tensors), full)
    require("fp32", mean_cosine(full, sequences, expected))

    quantise(full, small, reduce_range=False)
    kind, cosine = "int8", mean_cosine(small, sequences, expected)
    if cosine < LEAST_COSINE[kind]:
        # Processors without VNNI saturate in eight-bit products; seven-bit weights leave them room.
        quantise(full, small, reduce_range=True)
        kind, cosine = "int8 with seven-bit weights", mean_cosine(small, sequences, expected)
    require(kind, cosine)
    for part in (full, small):
        os.replace(part, part.removesuffix(".part"))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: export_minilm.py WEIGHTS VOCABULARY OUT_DIR")
    main(*sys.argv[1:])
