"""How fast a language model answers, beside llama-cpp-python with the same file and as many threads; and how several askers share it."""
import hashlib
import json
import os
import platform
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements-generation.txt"
# How many times the tokens of one asker eight should get, how long the slowest may wait beside the mean, and the share of the peer's pace.
TOGETHER, SLOWEST, PACE = 2.5, 2.0, 0.95
# Tokens that both sides look up in the prompt at a time, where they retell it.
GUESSES = 8
# What llama.cpp is told of the processor. "native" would take its AMX kernels along, which end the process on some machines that have them.
FEATURES = {"avx": "AVX", "avx2": "AVX2", "fma": "FMA", "f16c": "F16C", "bmi2": "BMI2", "avx512f": "AVX512", "avx512vbmi": "AVX512_VBMI",
            "avx512_vnni": "AVX512_VNNI", "avx512_bf16": "AVX512_BF16"}


def peer_packages(run, cache):
    """A folder with llama-cpp-python, compiled once for this processor and each state of the requirements."""
    flags = next((line for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("flags")), "").split()
    options = ["-DGGML_NATIVE=OFF", *(f"-DGGML_{name}=ON" for flag, name in FEATURES.items() if flag in flags)]
    key = hashlib.sha256(REQUIREMENTS.read_bytes() + " ".join([platform.python_version(), *options]).encode()).hexdigest()[:12]
    folder = cache / f"llama-cpp-python-{key}"
    if not folder.exists():
        print("bench: compiling llama-cpp-python (some ten minutes)", flush=True)
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target", part]
        run([*pip, "--requirement", REQUIREMENTS], "Compiling llama-cpp-python", env={**os.environ, "CMAKE_ARGS": " ".join(options)})
        part.rename(folder)
    return folder


def measure(run, program, model, cache, rounds, threads):
    """Both sides in turn; the best round of each counts."""
    environment = {**os.environ, "PYTHONPATH": str(peer_packages(run, cache))}
    ours, theirs, retold, peer_retold = [], [], [], []
    last = lambda output: json.loads(output.strip().splitlines()[-1])
    for number in range(rounds):
        print(f"bench: generation, round {number + 1} of {rounds}", flush=True)
        ours.append(json.loads(run([program, model, threads, 8], "Footnote's generation")))
        peer = [sys.executable, HERE / "peer_generation.py", model, threads]
        theirs.append(last(run(peer, "llama-cpp-python", env=environment)))
        retold.append(json.loads(run([program, model, threads, 8, 6, GUESSES], "Footnote's generation")))
        peer_retold.append(last(run([*peer, GUESSES], "llama-cpp-python", env=environment)))
    short = json.loads(run([program, model, threads, 8, 0], "Footnote's generation"))
    return ours, theirs, short, retold, peer_retold


def rows(ours, theirs, short, retold, peer_retold):
    """(label, figure, peer or limit, ratio, goal)."""
    best = lambda runs, key: max(one[key] for one in runs)
    found = []
    for label, key, goal in (("written, tokens/s", "written_tokens_per_s", PACE), ("prompt read, tokens/s", "prompt_tokens_per_s", PACE)):
        us, them = best(ours, key), best(theirs, key)
        found.append((label, round(us, 1), round(them, 1), us / them, goal))
    us, them = (best(runs, "written_tokens_per_s") for runs in (retold, peer_retold))
    found.append(("retold with guesses, tokens/s", round(us, 1), round(them, 1), us / them, PACE))
    one, eight = best(ours, "one_asker_tokens_per_s"), best(ours, "askers_tokens_per_s")
    found.append(("8 askers, prompts included, against one", round(eight, 1), round(one, 1), eight / one, TOGETHER))
    one, eight = short["one_asker_tokens_per_s"], short["askers_tokens_per_s"]
    found.append(("8 askers, short prompts, against one", round(eight, 1), round(one, 1), eight / one, TOGETHER))
    slowest = best(ours, "slowest_to_mean")
    found.append(("slowest of 8 askers, against the mean", round(slowest, 2), SLOWEST, SLOWEST / slowest, 1.0))
    return found
