"""How search behaves with many passages: measures by the example `at_size`, and a page that draws how each figure grows."""
import html
import json
import math
import shutil

# By number of passages: median and 99th percentile of a hybrid search in milliseconds.
LIMITS = {100_000: (10, 40), 1_000_000: (40, 120)}
RECALL, LOADED_PER_S, RESIDENT_MB = 0.97, 5_000, 1_500
FILTERS = {"all": "no filter", "half": "50% pass", "rest": "39% pass", "tenth": "10% pass", "hundredth": "1% passes", "thousandth": "0.1% passes"}
COLOURS = ["#1f6f54", "#b4532a", "#7a5ea8", "#2f6db5", "#a08a1f", "#777777"]


def measure(run, program, corpus, cache, sizes, rounds=2):
    """One measurement a size; `run` runs a command and returns what it prints."""
    measured = []
    for size in sizes:
        print(f"bench: {size} passages: loading, building the graph, searching", flush=True)
        folder = cache / f"size-{size}"
        shutil.rmtree(folder, ignore_errors=True)
        arguments = [folder, size, corpus / "corpus.jsonl", corpus / "queries.dev.jsonl", cache / f"{corpus.name}.vectors"]
        loaded = json.loads(run([program, "load", *arguments], "Loading passages"))
        searched = json.loads(run([program, "search", folder, rounds], "Searching"))
        shutil.rmtree(folder)
        measured.append({**loaded, **searched})
        everything = searched["filters"]["all"]
        print(f"bench: {size} passages: p50 {everything['p50_ms']:.1f} ms, p99 {everything['p99_ms']:.1f} ms, resident "
              f"{searched['resident_mb']:.0f} MB, {loaded['index_passages_per_s']:.0f} loaded a second", flush=True)
    return measured


def rows(measured):
    """(label, figure, limit, how many times better than the limit, goal)."""
    found = []
    for one in measured:
        size, filters = one["passages"], one["filters"].values()
        name = f"{size:,} passages"
        if size in LIMITS:
            for key, share, limit in zip(("p50_ms", "p99_ms"), ("p50", "p99"), LIMITS[size]):
                worst = max(f[key] for f in filters)
                found.append((f"{name}: {share}, slowest filter", f"{worst:.1f} ms", f"< {limit} ms", limit / worst, 1.0))
            recall = min(f["recall_at_10"] for f in filters)
            found.append((f"{name}: recall, worst filter", f"{recall:.3f}", f"> {RECALL}", recall / RECALL, 1.0))
            speed = one["index_passages_per_s"]
            found.append((f"{name}: loading", f"{speed:.0f}/s", f"> {LOADED_PER_S}/s", speed / LOADED_PER_S, 1.0))
        if size == max(LIMITS):
            resident = one["resident_mb"]
            found.append((f"{name}: resident", f"{resident:.0f} MB", f"< {RESIDENT_MB} MB", RESIDENT_MB / resident, 1.0))
    return found


def page(measured):
    """How each figure grows with the number of passages."""
    sizes = [one["passages"] for one in measured]
    by_filter = lambda key: {label: [one["filters"][name][key] for one in measured] for name, label in FILTERS.items()}
    steps = {label: [one["filters"]["all"][key] for one in measured] for label, key in (
        ("words", "lexical_p50_ms"), ("meaning", "dense_p50_ms"), ("question's vector", "embed_p50_ms"), ("catalog", "fetch_p50_ms"))}
    of = lambda *keys: {label: [one[key] for one in measured] for label, key in keys}
    charts = [
        ("Hybrid search, median", "ms", by_filter("p50_ms")), ("Hybrid search, 99th percentile", "ms", by_filter("p99_ms")),
        ("Steps of a search without a filter, medians", "ms", steps),
        ("Nearest ten that are found", "share", by_filter("recall_at_10")),
        ("Memory in RAM after the searches", "MB", of(("all", "resident_mb"), ("of this process alone", "anonymous_mb"))),
        ("Disk", "MB", of(("catalog and index", "disk_mb"), ("index", "index_mb"))),
        ("Loading, vectors given", "passages a second", of(("index", "index_passages_per_s"))),
        ("Building the graph", "s", of(("graph", "optimize_s"))), ("Opening", "ms", of(("catalog and index", "open_ms"))),
    ]
    drawn = "".join(figure(title, unit, sizes, series) for title, unit, series in charts)
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Footnote with many passages</title><style>
:root {{ color-scheme: light dark }} body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem }}
main {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 2rem }} figure {{ margin: 0 }}
svg {{ width: 100%; height: auto }} svg text {{ font-size: 11px; fill: currentColor }} svg line {{ stroke: currentColor; opacity: .25 }}
polyline {{ fill: none; stroke-width: 2 }} figcaption {{ font-weight: 600 }} li {{ list-style: none; display: inline-block; margin-right: 1rem; font-size: .85rem }}
ul {{ padding: 0; margin: 0 }} i {{ display: inline-block; width: .8em; height: .8em; margin-right: .3em }}
</style><h1>Footnote with many passages</h1><p>Both axes in powers of ten where a figure grows tenfold; the same machine, one run.</p>
<main>{drawn}</main></html>
"""


def figure(title, unit, sizes, series):
    width, height, left, bottom = 420, 230, 52, 28
    values = [value for line in series.values() for value in line if value > 0]
    is_log = max(values) > 10 * min(values)
    low, high = (10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))) if is_log else (0, max(values) * 1.1)
    scale = (lambda v: math.log(max(v, low) / low) / math.log(high / low)) if is_log else (lambda v: v / high)
    first, last = math.log(min(sizes)), math.log(max(sizes))
    x = lambda size: left + (width - left - 36) * ((math.log(size) - first) / (last - first) if last > first else 0.5)
    y = lambda value: (height - bottom) - (height - bottom - 12) * scale(value)
    ticks = [10 ** n for n in range(round(math.log10(low)), round(math.log10(high)) + 1)] if is_log else [high / 1.1 * n / 4 for n in range(5)]
    marks = "".join(f'<line x1="{left}" x2="{width - 36}" y1="{y(t):.1f}" y2="{y(t):.1f}"/>'
                    f'<text x="{left - 6}" y="{y(t) + 4:.1f}" text-anchor="end">{t:g}</text>' for t in (float(f"{t:.3g}") for t in ticks))
    marks += "".join(f'<text x="{x(s):.1f}" y="{height - 8}" text-anchor="middle">{s:,}</text>' for s in sizes)
    lines, names = "", ""
    for colour, (name, line) in zip(COLOURS, series.items()):
        points = " ".join(f"{x(s):.1f},{y(v):.1f}" for s, v in zip(sizes, line))
        dots = "".join(f'<circle cx="{x(s):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"><title>{html.escape(name)}: {v:.3g} {unit}</title></circle>'
                       for s, v in zip(sizes, line))
        lines += f'<polyline points="{points}" stroke="{colour}"/>{dots}'
        names += f'<li><i style="background:{colour}"></i>{html.escape(name)}</li>'
    return (f'<figure><figcaption>{html.escape(title)}, {html.escape(unit)}</figcaption><svg viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{html.escape(title)}">{marks}{lines}</svg><ul>{names}</ul></figure>')
