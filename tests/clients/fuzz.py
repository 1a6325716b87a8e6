"""Tries what Footnote's API description promises, with schemathesis. usage: fuzz.py BASE TOKEN [MAX_EXAMPLES] [--strict] ..."""
import argparse
import importlib.util
import ipaddress
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

CHECKS = "not_a_server_error,status_code_conformance,response_schema_conformance"
SERVER_ERRORS = {"ServerError", "ContentTypeServerError"}  # what the first of these checks finds
DESCRIPTION = "/api/v1/openapi.json"


def arguments():
    parser = argparse.ArgumentParser(description="Tries what Footnote's API description promises, with schemathesis.")
    parser.add_argument("base", help="address of a server on this machine, such as http://127.0.0.1:8080")
    parser.add_argument("token", help="API token; whatever it may do is done")
    parser.add_argument("max_examples", nargs="?", type=int, default=30, help="random requests for each operation (default: 30)")
    parser.add_argument("--strict", action="store_true", help="fail as well where a status or a body is not as described")
    parser.add_argument("--exclude", action="append", default=[], metavar="REGEX", help="leave out what matches METHOD /path (repeatable)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS", help="for one request (default: 60)")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS", help="for the whole (default: 600)")
    return parser.parse_args()


def is_loopback(base):
    host = urlsplit(base).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def command(wanted, config, report):
    base = wanted.base.rstrip("/")
    words = [sys.executable, "-m", "schemathesis.cli", "--config-file", config, "--no-color", "run", base + DESCRIPTION]
    words += ["--origin", base, "--header", f"Authorization: Bearer {wanted.token}", "--max-redirects", "0"]
    words += ["--phases", "examples,coverage,fuzzing", "--max-examples", wanted.max_examples, "--workers", "1"]
    words += ["--seed", wanted.seed, "--generation-database", "none", "--suppress-health-check", "all"]
    # Else the first answer that differs from its description would end the search for server errors.
    words += ["--checks", CHECKS, "--continue-on-failure", "--request-timeout", wanted.timeout]
    words += ["--report", "json", "--report-json-path", report]
    if wanted.exclude:
        words += ["--exclude-name-regex", "|".join(f"(?:{label})" for label in wanted.exclude)]
    return [str(word) for word in words]


def environment():
    """The present one, without proxies and additions to schemathesis."""
    packages = Path(importlib.util.find_spec("schemathesis").origin).parent.parent
    left_out = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SCHEMATHESIS_HOOKS"}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in left_out}
    return {**kept, "NO_PROXY": "*", "no_proxy": "*", "PYTHONPATH": str(packages)}


def run(wanted):
    """Runs schemathesis, whose output is shown; what it reports."""
    with tempfile.TemporaryDirectory() as folder:
        config, report = Path(folder, "schemathesis.toml"), Path(folder, "report.json")
        config.touch()  # so that none is looked for in the folders above
        try:
            result = subprocess.run(command(wanted, config, report), cwd=folder, env=environment(), timeout=wanted.limit)
        except subprocess.TimeoutExpired:
            sys.exit(f"schemathesis did not end within {wanted.limit:g} seconds: ask for fewer examples, or set --limit.")
        if not report.exists():
            sys.exit(f"schemathesis ended with exit code {result.returncode} and without a report.")
        return json.loads(report.read_text())


def main():
    wanted = arguments()
    if not is_loopback(wanted.base):
        sys.exit(f"{wanted.base} is not on this machine: requests at random only go to a loopback address.")
    report = run(wanted)
    operations, refused = report["operations"] or {}, report["warnings"]["missing_auth"]
    tested = operations.get("tested", 0)
    bad = [f"{error['title']} ({error['count']} times)" for error in report["errors"]]
    for failure in report["failures"]:
        text = f"{failure['title']}: {', '.join(failure['operations'])}"
        if wanted.strict or failure["type"] in SERVER_ERRORS:
            bad.append(text)
        else:
            print(f"warning: {text}")
    for label in refused:
        print(f"warning: Never allowed with this token: {label}")
    if not bad and (tested == 0 or tested == len(refused)):
        bad.append("no operation could be tried")
    if not bad and (report["stop_reason"] != "completed" or report["exit_code"] not in (0, 1)):
        bad.append(f"the run stopped early ({report['stop_reason']}, exit code {report['exit_code']})")
    print(f"{tested} operations tried with {report['test_cases']['generated']} requests", flush=True)
    if bad:
        sys.exit("\n".join(f"failed: {text}" for text in bad))


if __name__ == "__main__":
    main()
