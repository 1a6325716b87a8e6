"""Runs Footnote and a plain Python pipeline on the same passages, on this machine, and prints the ratios.

usage: run.py --footnote BINARY --throughput BINARY --at-size BINARY --pace BINARY
  PDFS       folder with digital PDFs for the comparison of extraction with pdftotext (default: the demo's)
  SETS       folder with the unpacked question sets (default: ../shared/data/qa.tar.zst, unpacked into the cache)
  SET        which of them (default: obliqa)
  PEER       the pipeline's script (default: ../shared/bench/peer_pipeline.py)
  ROUNDS     repetitions of the embedding comparison, both sides in turn (default: 3)
  PASSAGES   passages of one such repetition, spread evenly over the corpus (default: 1000)
  QUERIES    questions of the search comparison, which uses the whole corpus (default: 300)
  SIZES      numbers of passages to search, made of the corpus (default: 20000,100000,1000000; the last takes 10 minutes and 7 GB of disk)
  MODEL      GGUF file of the comparison with llama-cpp-python (default: the one that set-up fetches)
  THREADS    threads of both sides of that comparison (default: one for each processor)
  READERS    people who use the portal at once (default: 50)
  SECONDS    for how long they do (default: 300)
  ONLY       one part of the whole: extraction, pipeline, size, generation or portal
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
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

import generation
import portal
import size

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

    def measure(self, folder, model, queries, keep=None):
        command = [self.binary, "bench", folder, "--model", model, "--queries", queries, "--json"]
        return json.loads(run(command + (["--keep", keep] if keep else []), "footnote bench"))

    def startup_ms(self, data, repetitions=5):
        """Median time of `footnote search`, from the start of the process to its end."""
        times = []
        for _ in range(repetitions):
            started = time.perf_counter()
            run([self.binary, "--data-dir", data, "search", "Who must be notified?", "--json"], "footnote search")
            times.append((time.perf_counter() - started) * 1000)
        return statistics.median(times)

    def resident_mb(self, data, questions):
        """Memory in RAM of `footnote serve` after these questions were answered, so that all models are in use."""
        command = [str(self.binary), "--data-dir", str(data), "serve", "--listen", "127.0.0.1:0"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
            try:
                ready = next((line for line in server.stderr if "ready: " in line), None)
                if ready is None:
                    raise BenchError("footnote serve ended before it was ready: run it by hand to see why.")
                # What it logs later must not fill the pipe.
                threading.Thread(target=server.stderr.read, daemon=True).start()
                url = ready.split("ready: ")[1].strip()
                for question in questions:
                    with urllib.request.urlopen(f"{url}/ask?{urllib.parse.urlencode({'q': question})}", timeout=120) as page:
                        page.read()
                status = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")
                return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024
            finally:
                server.terminate()


def show(label, ours, theirs, ratio, goal):
    verdict = "holds" if ratio >= goal else "MISSED"
    print(f"{label:<42} {ours:>12} {theirs:>12}   {ratio:5.2f}x (goal {goal:.1f}x: {verdict})", flush=True)


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
    with open(folder / "queries.dev.jsonl", encoding="utf-8") as lines:
        questions = [json.loads(line)["question"] for line, _ in zip(lines, range(5))]
    data = CACHE / "data"
    shutil.rmtree(data, ignore_errors=True)
    for label, model in (("median query, fp32 against fp32", "model.onnx"), ("median query, int8 against fp32", "model_int8.onnx")):
        ours = footnote.measure(folder, model, queries, keep=data if model == "model_int8.onnx" else None)
        print(f"bench: {model}: R@10 {ours['recall_at_10']:.3f}, MAP@10 {ours['map_at_10']:.3f}, p99 {ours['query_p99_ms']:.1f} ms", flush=True)
        rows.append((label, f"{ours['query_median_ms']:.1f} ms", f"{theirs:.1f} ms", theirs / ours["query_median_ms"], 1.0))
    startup, resident = footnote.startup_ms(data), footnote.resident_mb(data, questions)
    shutil.rmtree(data)
    rows.append(("start-up of search", f"{startup:.0f} ms", f"< {STARTUP_MS} ms", STARTUP_MS / startup, 1.0))
    rows.append(("resident, serve after 5 answers", f"{resident:.0f} MB", f"< {RESIDENT_MB} MB", RESIDENT_MB / resident, 1.0))
    return rows


def compare_extraction(throughput, footnote, rounds=3):
    """Pages a second of child processes that keep places, headings and tables, against pdftotext, in turn. As many
    of both at a time as there are processors."""
    folder = Path(os.environ.get("PDFS") or ROOT / "deploy" / "demo" / "documents")
    files = sorted(folder.rglob("*.pdf"))
    if not files:
        raise BenchError(f"{folder} holds no PDF: name a folder that does in PDFS, then run this again.")
    if not shutil.which("pdftotext"):
        raise BenchError("pdftotext is not here: install poppler-utils, then run this again.")
    # A few documents are over before a clock has ticked.
    files *= max(1, 200 // len(files))
    processors = os.cpu_count() or 1
    library = Path(os.environ.get("FOOTNOTE_LIB_DIR") or ROOT / "lib") / "libpdfium.so"
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(json.loads(run([throughput, footnote, library, processors, *files], "Reading PDFs")))
        listed = "\0".join(map(str, files))
        started = time.perf_counter()
        run(["xargs", "-0", "-n", "1", "-P", processors, "sh", "-c", 'pdftotext -q "$0" - > /dev/null'], "pdftotext", input=listed)
        theirs.append(ours[-1]["pages"] / (time.perf_counter() - started))
    pages, peer = statistics.median(o["pages_per_s"] for o in ours), statistics.median(theirs)
    apart = statistics.median(o["isolation_ms_per_file"] for o in ours)
    print(f"bench: {len(files)} PDFs, {ours[0]['pages']} pages: {pages:.0f} pages/s, pdftotext {peer:.0f} pages/s = {pages / peer:.2f}x", flush=True)
    return [
        ("digital PDFs, pages a second", f"{pages:.0f}/s", "> 200/s", pages / 200, 1.0),
        ("isolation of a file, in its child", f"{apart:.2f} ms", "< 10 ms", 10 / max(apart, 0.001), 1.0),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footnote", required=True, type=Path, help="the release binary")
    parser.add_argument("--throughput", required=True, type=Path, help="the example of that name of the crate extraction")
    parser.add_argument("--at-size", required=True, type=Path, help="the example of that name of the crate search")
    parser.add_argument("--pace", required=True, type=Path, help="the example of that name of the crate generation")
    arguments = parser.parse_args()
    setting = lambda name, default: os.environ.get(name) or default
    only = setting("ONLY", "")
    if only not in ("", "extraction", "pipeline", "size", "generation", "portal"):
        raise BenchError(f"{only} is no part of the benchmark: set ONLY to extraction, pipeline, size, generation or portal, or not at all.")
    rows = compare_extraction(arguments.throughput, arguments.footnote) if only in ("", "extraction") else []
    if only in ("", "pipeline"):
        rows += compare_with_pipeline(arguments.footnote, setting)
    if only in ("", "size"):
        rows += search_at_size(arguments.at_size, setting)
    if only in ("", "generation"):
        rows += compare_generation(arguments.pace, setting)
    if only in ("", "portal"):
        documents = ROOT / "deploy" / "demo" / "documents"
        rows += portal.under_load(arguments.footnote, documents, int(setting("READERS", 50)), float(setting("SECONDS", 300)))
    print(f"\n{'':<42} {'footnote':>12} {'peer/limit':>12}")
    for row in rows:
        show(*row)


def compare_generation(program, setting):
    """A language model beside llama-cpp-python, and eight askers beside one."""
    model = Path(setting("MODEL", MODELS.parent / "smollm2" / "SmolLM2-135M-Instruct.Q8_0.gguf"))
    if not model.exists():
        raise BenchError(f"There is no language model at {model}: run `make setup`, or name a GGUF file in MODEL.")
    CACHE.mkdir(parents=True, exist_ok=True)
    return generation.rows(*generation.measure(run, program, model, CACHE, int(setting("ROUNDS", 3)), setting("THREADS", "0")))


def search_at_size(program, setting):
    """Many passages: made, loaded and searched; a page draws how it grows."""
    sizes = [int(number) for number in setting("SIZES", "20000,100000,1000000").split(",")]
    CACHE.mkdir(parents=True, exist_ok=True)
    measured = size.measure(run, program, question_set(setting("SET", "obliqa")), CACHE, sizes)
    (CACHE / "size.json").write_text(json.dumps(measured, indent=1), encoding="utf-8")
    report = CACHE / "size.html"
    report.write_text(size.page(measured), encoding="utf-8")
    print(f"bench: how it grows is drawn in {report}", flush=True)
    return size.rows(measured)


def compare_with_pipeline(binary, setting):
    peer = Peer(Path(setting("PEER", ROOT.parent / "shared" / "bench" / "peer_pipeline.py")).resolve())
    footnote = Footnote(binary)
    folder = question_set(setting("SET", "obliqa"))
    small = sample(folder, int(setting("PASSAGES", 1000)))
    rows = compare_embedding(footnote, peer, small, int(setting("ROUNDS", 3)))
    return rows + compare_search(footnote, peer, folder, int(setting("QUERIES", 300)))


if __name__ == "__main__":
    try:
        main()
    except BenchError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(1)
