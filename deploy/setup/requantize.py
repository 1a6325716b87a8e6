"""Writes a GGUF file anew with its weights of four bits as weights of eight.

usage: requantize.py SOURCE TARGET
  SOURCE  a GGUF file whose large tensors are Q4_1
  TARGET  receives the same tensors as Q8_0; written as a whole or not at all

Nothing is won for what the model says: each weight keeps the value that four bits gave it, up to the rounding of eight
(checked below). What is won is time: llama.cpp has kernels for Q8_0 that multiply several columns at once, and none for
Q4_1, so prompts are read half as fast again. A single answer is written more slowly (docs/decisions/0026).
"""
import os
import sys

import gguf
import numpy as np

# Largest difference of a weight, in units of the largest of its block of 32: half a step of 127, and the half precision of the scale.
MOST_OFF = 0.5 / 127 + 2.0**-11
BLOCK = 32


def copy_fields(reader, writer):
    """All that the header says, in its order; what the writer says by itself is left to it."""
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        value = int(gguf.LlamaFileType.MOSTLY_Q8_0) if name == "general.file_type" else field.contents()
        writer.add_key_value(name, value, kind, sub_type=inner)


def eight_bits(tensor):
    """The tensor as Q8_0."""
    values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
    coded = gguf.quants.quantize(values, gguf.GGMLQuantizationType.Q8_0)
    again = gguf.quants.dequantize(coded, gguf.GGMLQuantizationType.Q8_0)
    largest = np.abs(values).reshape(-1, BLOCK).max(axis=1)
    off = np.abs(again - values).reshape(-1, BLOCK).max(axis=1)
    if np.any(off > MOST_OFF * largest + 1e-12):
        sys.exit(f"{tensor.name} did not keep its values")
    return coded


def main(source, target):
    reader = gguf.GGUFReader(source)
    architecture = reader.fields["general.architecture"].contents()
    part = f"{target}.part"
    writer = gguf.GGUFWriter(part, architecture)
    copy_fields(reader, writer)
    for tensor in reader.tensors:
        four_bits = tensor.tensor_type == gguf.GGMLQuantizationType.Q4_1
        data = eight_bits(tensor) if four_bits else tensor.data
        kind = gguf.GGMLQuantizationType.Q8_0 if four_bits else tensor.tensor_type
        writer.add_tensor(tensor.name, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.replace(part, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
