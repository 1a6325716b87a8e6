"""The portal under load: signed-in readers who read pages, search and ask, all at once."""
import asyncio
import random
import re
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

PASSWORD = "a lamp beside seven rivers"
QUESTIONS = [
    "How many extra holiday days can I buy?",
    "When am I allowed to fly business class?",
    "How long is parental leave?",
    "What is the limit for gifts?",
    "Who approves travel?",
    "How is overtime paid?",
]
SEARCHES = ["carry over leave", "gift limit", "business class", "notice period", "laptop lost", "sick note", "overtime", "remote work abroad"]
# Seconds between two things that somebody does, and how often it is a question.
PAUSE, ASKS_EVERY = (3.0, 7.0), 12
PAGES_P95_MS, SEARCHES_P95_MS = 50, 100
# Part of the time after which memory is to stay as it is, but for so much.
WARM_UP, GROWTH = 0.3, 1.05


class Client:
    """One browser: a connection that stays open, and a cookie."""

    def __init__(self, host, port):
        self.host, self.port, self.cookie, self.streams = host, port, "", None

    async def request(self, path, form=None):
        """Status, headers and body; time is measured by the caller."""
        if self.streams is None:
            self.streams = await asyncio.open_connection(self.host, self.port, limit=1 << 24)
        reader, writer = self.streams
        body = urllib.parse.urlencode(form).encode() if form is not None else b""
        head = f"{'POST' if form is not None else 'GET'} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nCookie: {self.cookie}\r\n"
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:] if ":" in line)}
        if "set-cookie" in headers:
            self.cookie = headers["set-cookie"].split(";")[0]
        if headers.get("transfer-encoding") == "chunked":
            content = b""
            while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
                content += (await reader.readexactly(size + 2))[:-2]
            await reader.readuntil(b"\r\n")
        else:
            content = await reader.readexactly(int(headers.get("content-length", 0)))
        return status, headers, content.decode(errors="replace")


def served(footnote, data):
    """The running portal, its address, and the link that makes the administrator."""
    process = subprocess.Popen([footnote, "--data-dir", data, "serve", "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
    link = ""
    for line in process.stderr:
        if found := re.search(r"open http://[^/]+(/start/\S+)", line):
            link = found[1]
        if found := re.search(r"ready: http://([^:]+):(\d+)", line):
            return process, (found[1], int(found[2])), link
    raise RuntimeError("the portal did not start")


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


async def person(client, number, documents, times, errors, end):
    choose = random.Random(number)
    await asyncio.sleep(choose.uniform(0, PAUSE[1]))
    done = 0
    while time.monotonic() < end:
        done += 1
        kind = choose.choice(["page", "page", "page", "search"])
        if done % ASKS_EVERY == 0:
            kind = "answer"
        started = time.perf_counter()
        if kind == "answer":
            status, headers, _ = await client.request("/ask", {"q": choose.choice(QUESTIONS)})
            path = headers.get("location", "/missing")
            if status != 303:
                errors.append((status, "/ask"))
        elif kind == "search":
            path = "/search?q=" + urllib.parse.quote_plus(choose.choice(SEARCHES))
        else:
            path = choose.choice(["/", "/documents?find=policy", "/conversations", f"/documents/{choose.choice(documents)}"])
        status, _, _ = await client.request(path)
        times[kind].append((time.perf_counter() - started) * 1000)
        if status != 200:
            errors.append((status, path))
        await asyncio.sleep(choose.uniform(*PAUSE))


async def load(footnote, data, address, link, pid, people, seconds):
    administrator = Client(*address)
    form = {"name": "Ada Moss", "email": "ada@example.com", "password": PASSWORD}
    await administrator.request(link, form)
    cli = [footnote, "--data-dir", data]
    subprocess.run([*cli, "collections", "grant", "default", "Everyone", "read"], check=True, capture_output=True)
    clients = []
    for number in range(people):
        invited = [*cli, "users", "invite", f"p{number}@example.com", "--name", f"Person {number}", "--role", "reader"]
        link = subprocess.run(invited, check=True, capture_output=True, text=True).stdout.strip()
        client = Client(*address)
        await client.request(urllib.parse.urlparse(link).path, {"password": PASSWORD})
        clients.append(client)
    _, _, page = await clients[0].request("/documents")
    documents = re.findall(r'href="/documents/([0-9a-f-]{36})"', page)
    times, errors = {"page": [], "search": [], "answer": []}, []
    end = time.monotonic() + seconds
    everybody = asyncio.gather(*(person(client, n, documents, times, errors, end) for n, client in enumerate(clients)))
    # What is loaded by the first who ask is no growth.
    await asyncio.sleep(WARM_UP * seconds)
    before = resident_mb(pid)
    await everybody
    return times, errors, before, resident_mb(pid)


def under_load(footnote, documents, people, seconds):
    """Rows for the table of the benchmark: what was measured, and its limit."""
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        subprocess.run([footnote, "--data-dir", data, "ingest", documents], check=True, capture_output=True)
        process, address, link = served(footnote, data)
        try:
            times, errors, before, after = asyncio.run(load(footnote, data, address, link, process.pid, people, seconds))
        finally:
            process.terminate()
            process.wait(timeout=30)
    for kind, values in times.items():
        values.sort()
        print(f"bench: {len(values)} times a {kind}: {share(values, 0.5):.0f} ms median, {share(values, 0.95):.0f} ms p95", flush=True)
    print(f"bench: {len(errors)} errors; resident memory {before:.0f} MB after {WARM_UP:.0%} of the time and {after:.0f} MB at its end", flush=True)
    for status, path in errors[:5]:
        print(f"bench: {path} was answered with {status}", flush=True)
    row = lambda kind, limit: (f"{people} readers, a {kind}, p95", f"{share(times[kind], 0.95):.0f} ms", f"< {limit} ms", limit / share(times[kind], 0.95), 1.0)
    return [
        row("page", PAGES_P95_MS),
        row("search", SEARCHES_P95_MS),
        (f"{people} readers, answers without an error", f"{len(errors)} errors", "none", 0.0 if errors else 1.0, 1.0),
        (f"{people} readers, memory", f"{after:.0f} MB", f"< {GROWTH * before:.0f} MB", GROWTH * before / after, 1.0),
    ]


def share(values, part):
    """The value that so many of the sorted ones stay under; not a number where there are none."""
    return max(values[min(len(values) - 1, int(part * len(values)))], 0.001) if values else float("nan")
