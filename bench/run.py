"""Runs Footnote and a plain Python pipeline on the same passages, on this machine, and prints the ratios.

usage: run.py --footnote BINARY
  SETS       folder with the unpacked question sets (default: ../shared/data/qa.tar.zst, unpacked into the cache)
  SET        which of them (default: obliqa)
  PEER       the pipeline's script (default: ../shared/bench/peer_pipeline.py)
  ROUNDS     repetitions of the embedding comparison, both sides in turn (default: 3)
  PASSAGES   passages of one such repetition, spread evenly over the corpus (default: 1000)
  QUERIES    questions of the search comparison, which uses the whole corpus (default: 300)
"""
import argparse
import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "footnote" / "bench"
REQUIREMENTS = ROOT / "bench" / "requirements.txt"
MODELS = Path(os.environ.get("FOOTNOTE_MODELS_DIR") or ROOT / "models") / "minilm"
STARTUP_MS, RESIDENT_MB = 1000, 900


class BenchError(Exception):
    """One sentence that says what the person can do."""


def run(command, purpose, **options):
    """Standard output of a command; its last error line when it fails."""
    try:
        result = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    except FileNotFoundError as error:
        raise BenchError(f"{purpose} needs {error.filename}: install it, then run this again.") from error
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BenchError(f"{purpose} failed: {reason}")
    return result.stdout


def peer_packages():
    """A folder with the peer's pinned packages, installed once for each state of the requirements."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = CACHE / f"peer-{version}-{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]}"
    if not folder.exists():
        print("bench: installing the packages of the Python pipeline", flush=True)
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        run([*pip, "--target", part, "--requirement", REQUIREMENTS], "Installing the packages of the Python pipeline")
        part.rename(folder)
    return folder


def question_set(name):
    """The folder that holds corpus.jsonl and queries.dev.jsonl."""
    sets = os.environ.get("SETS")
    if not sets:
        archive = ROOT.parent / "shared" / "data" / "qa.tar.zst"
        sets = CACHE / "sets"
        if not sets.exists():
            if not archive.exists():
                raise BenchError("There are no question sets here: name a folder that holds them in SETS, then run this again.")
            print("bench: unpacking the question sets", flush=True)
            part = CACHE / "sets.part"
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            run(["tar", "--zstd", "-xf", archive, "-C", part], "Unpacking the question sets (tar and zstd)")
            part.rename(sets)
    for folder in (Path(sets) / name, Path(sets) / "qa" / name):
        if (folder / "corpus.jsonl").exists() and (folder / "queries.dev.jsonl").exists():
            return folder
    raise BenchError(f"{sets} holds no set named {name} with corpus.jsonl and queries.dev.jsonl: correct SETS or SET.")


def sample(source, passages):
    """A small copy of a set: passages spread evenly over the corpus, and the first questions."""
    folder = CACHE / f"sample-{source.name}-{passages}"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for line in open(source / "corpus.jsonl", encoding="utf-8") if json.loads(line).get("text", "").strip()]
    step = max(1, len(lines) / passages)
    chosen = [lines[int(number * step)] for number in range(min(passages, len(lines)))]
    (folder / "corpus.jsonl").write_text("".join(chosen), encoding="utf-8")
    with open(source / "queries.dev.jsonl", encoding="utf-8") as questions:
        (folder / "queries.dev.jsonl").write_text("".join(questions.readlines()[:50]), encoding="utf-8")
    return folder


class Peer:
    def __init__(self, script):
        if not script.exists():
            raise BenchError(f"The Python pipeline is not at {script}: name its script in PEER, then run this again.")
        self.script = script
        self.environment = {**os.environ, "PYTHONPATH": str(peer_packages())}

    def measure(self, folder, model, queries):
        command = [sys.executable, self.script, folder, MODELS, "--model", model, "--queries", queries]
        printed = run(command, "The Python pipeline", env=self.environment)
        speed = re.search(r"embedded \d+ passages, ([\d.]+)/s", printed)
        median = re.search(r"median query ([\d.]+) ms", printed)
        if not speed or not median:
            raise BenchError(f"{self.script} did not print its speed and median query time: check PEER.")
        return {"embedding_passages_per_s": float(speed[1]), "query_median_ms": float(median[1])}


class Footnote:
    def __init__(self, binary):
        self.binary = binary

    def measure(self, folder, model, queries):
        command = [self.binary, "bench", folder, "--model", model, "--queries", queries, "--json"]
        return json.loads(run(command, "footnote bench"))


def show(label, ours, theirs, ratio, goal):
    verdict = "holds" if ratio >= goal else "MISSED"
    print(f"{label:<34} {ours:>12} {theirs:>12}   {ratio:5.2f}x (goal {goal:.1f}x: {verdict})", flush=True)


def compare_embedding(footnote, peer, folder, rounds):
    """Both sides in turn, so that a machine that slows down slows both."""
    speeds = {"peer": [], "model.onnx": [], "model_int8.onnx": []}
    for number in range(rounds):
        for model in ("model.onnx", "model_int8.onnx"):
            speeds[model].append(footnote.measure(folder, model, 5)["embedding_passages_per_s"])
        speeds["peer"].append(peer.measure(folder, "model.onnx", 5)["embedding_passages_per_s"])
        print(f"bench: round {number + 1} of {rounds}: " + ", ".join(f"{k} {v[-1]:.1f}/s" for k, v in speeds.items()), flush=True)
    middle = {side: statistics.median(values) for side, values in speeds.items()}
    theirs = f"{middle['peer']:.1f}/s"
    rows = (("embedding, fp32 against fp32", "model.onnx", 1.0), ("embedding, int8 against fp32", "model_int8.onnx", 1.4))
    return [(label, f"{middle[model]:.1f}/s", theirs, middle[model] / middle["peer"], goal) for label, model, goal in rows]


def compare_search(footnote, peer, folder, queries):
    print("bench: searching the whole set with both (minutes: both embed it first)", flush=True)
    theirs = peer.measure(folder, "model.onnx", queries)["query_median_ms"]
    rows = []
    for label, model in (("median query, int8 against fp32", "model_int8.onnx"), ("median query, fp32 against fp32", "model.onnx")):
        ours = footnote.measure(folder, model, queries)
        median = ours["query_median_ms"]
        rows.append((label, f"{median:.1f} ms", f"{theirs:.1f} ms", theirs / median, 1.0))
        if model == "model_int8.onnx":
            first = ours
    startup, resident = first["startup_ms"], first["resident_mb"]
    rows.append(("start-up of search", f"{startup:.0f} ms", f"< {STARTUP_MS} ms", STARTUP_MS / startup, 1.0))
    rows.append(("resident, index and models loaded", f"{resident:.0f} MB", f"< {RESIDENT_MB} MB", RESIDENT_MB / resident, 1.0))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footnote", required=True, type=Path, help="the release binary")
    arguments = parser.parse_args()
    setting = lambda name, default: os.environ.get(name) or default
    peer = Peer(Path(setting("PEER", ROOT.parent / "shared" / "bench" / "peer_pipeline.py")).resolve())
    footnote = Footnote(arguments.footnote)
    folder = question_set(setting("SET", "obliqa"))
    small = sample(folder, int(setting("PASSAGES", 1000)))
    rows = compare_embedding(footnote, peer, small, int(setting("ROUNDS", 3)))
    rows += compare_search(footnote, peer, folder, int(setting("QUERIES", 300)))
    print(f"\n{'':<34} {'footnote':>12} {'peer/limit':>12}")
    for row in rows:
        show(*row)


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(1)
