"""llama-cpp-python on the prompts of the example `pace`: prints a line of JSON.

usage: peer_generation.py MODEL.gguf THREADS [GUESSES]

With guesses it looks them up in the prompt, as it can, and retells the sources; otherwise it tells a story.
"""
import json
import os
import sys
import time

from llama_cpp import Llama
from llama_cpp.llama_speculative import LlamaPromptLookupDecoding

HEAD = ("You answer questions about the documents of a company. Use only the numbered sources. Copy numbers, dates and conditions exactly. "
        "Answer in one to three short, complete sentences, and put the number of the source after each, like [1].")
ANSWER, ROUNDS = 96, 5


def messages(n, retell):
    sources = "\n".join(f"[{i}] Handbook {n}: Employees of group {i} have {20 + n + i} days of leave a year and may carry over {i} of them "
                        "until March." for i in range(1, 7))
    question = (f"How many days of leave do the employees of each group of handbook {n} have?" if retell
                else f"Tell a long story about the groups of handbook {n} and their leave.")
    return [{"role": "system", "content": HEAD}, {"role": "user", "content": f"Sources:\n{sources}\n\nQuestion: {question}"}]


def main():
    threads = int(sys.argv[2]) or os.cpu_count()
    guesses = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    lookup = LlamaPromptLookupDecoding(num_pred_tokens=guesses) if guesses else None
    model = Llama(sys.argv[1], n_ctx=2048, n_threads=threads, n_threads_batch=threads, draft_model=lookup, verbose=False)
    read = written = 0.0
    known = []
    for n in range(ROUNDS):
        started, first, count = time.perf_counter(), None, 0
        for piece in model.create_chat_completion(messages=messages(n, guesses > 0), max_tokens=ANSWER, temperature=0, stream=True):
            if piece["choices"][0]["delta"].get("content"):
                count += 1
                first = first or time.perf_counter()
        ended = time.perf_counter()
        # What it kept of the prompt before is not read again.
        tokens = list(model.input_ids[: model.n_tokens - count])
        common = next((i for i, (a, b) in enumerate(zip(tokens, known)) if a != b), min(len(tokens), len(known)))
        read = max(read, (len(tokens) - common) / (first - started))
        written = max(written, (count - 1) / (ended - first))
        known = tokens
    print(json.dumps({"prompt_tokens_per_s": read, "written_tokens_per_s": written}))


main()
