"""Main-text extraction beside its peers: the same pages, one run, one thread, CPU seconds.

usage: compare.py PAGES_DIR --texts FILE --bench PROGRAM [--out DIR]
PAGES_DIR holds evaldata.json and html/. FILE has our texts, as `weights_bench --predictions` (of
weights that did not see the page's site) or `extraction_bench --texts` write them. PROGRAM is
extraction_bench, which times us between the peers. Needs trafilatura, lxml_html_clean, resiliparse
and numpy from PyPI. Prints JSON lines: precision, recall, F and speed of each; then the difference
in F to each peer, with a paired bootstrap over sites (10,000 samples, 95 %).
"""
import argparse
import importlib.metadata
import json
import pathlib
import subprocess
import time
from urllib.parse import urlparse

import numpy
import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

SAMPLES = 10_000


def by_trafilatura(html):
    return trafilatura.extract(html) or ""


def by_trafilatura_precision(html):
    return trafilatura.extract(html, favor_precision=True) or ""


def by_resiliparse(html):
    return extract_plain_text(bytes_to_str(html, detect_encoding(html)), main_content=True)


PEERS = {
    "trafilatura": by_trafilatura,
    "trafilatura_precision": by_trafilatura_precision,
    "resiliparse": by_resiliparse,
}


def site_of(url):
    archived = url.find("/http", 8)
    if "web.archive.org" in url and archived >= 0:
        url = url[archived + 1 :]
    host = urlparse(url).netloc
    return ".".join(host.split(".")[-2:]) or url


def counts_of(text, page):
    hits = [segment in text for segment in page["with"]]
    wrong = [segment in text for segment in page["without"]]
    return [sum(hits), len(hits) - sum(hits), sum(wrong)]


def f_of(counts):
    hits, missed, wrong = numpy.moveaxis(numpy.asarray(counts, dtype=float), -1, 0)
    return 2 * hits / (2 * hits + missed + wrong)


def summary(name, counts):
    hits, missed, wrong = counts.sum(axis=0)
    return {
        "who": name,
        "precision": round(hits / (hits + wrong), 4),
        "recall": round(hits / (hits + missed), 4),
        "f": round(float(f_of(counts.sum(axis=0))), 4),
        "missed": int(missed),
        "wrong": int(wrong),
    }


def run_peer(extract, html):
    texts = []
    start = time.process_time()
    for page in html:
        try:
            texts.append(extract(page))
        except Exception as error:  # a page that a peer cannot read counts as empty
            print(json.dumps({"failed": str(error)[:200]}))
            texts.append("")
    return texts, time.process_time() - start


def our_speed(program, folder):
    line = json.loads(subprocess.run([program, folder], capture_output=True, check=True).stdout)
    return line["megabytes_per_cpu_second"], line["machine"]


def sums_by_site(sites, counts):
    names = sorted(set(sites))
    sums = numpy.zeros((len(names), counts.shape[1]))
    numpy.add.at(sums, [names.index(site) for site in sites], counts)
    return sums


def difference(sites, ours, theirs):
    ours, theirs = sums_by_site(sites, ours), sums_by_site(sites, theirs)
    weights = numpy.random.default_rng(1).multinomial(
        len(ours), numpy.full(len(ours), 1 / len(ours)), size=SAMPLES
    )
    differences = f_of(weights @ ours) - f_of(weights @ theirs)
    low, high = numpy.percentile(differences, [2.5, 97.5])
    return {
        "f_difference": round(float(f_of(ours.sum(axis=0)) - f_of(theirs.sum(axis=0))), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "sites": len(ours),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pages")
    parser.add_argument("--texts", required=True)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--out")
    arguments = parser.parse_args()
    folder = pathlib.Path(arguments.pages)
    items = json.loads((folder / "evaldata.json").read_text(encoding="utf-8")).items()
    pages = [(site_of(url), item) for url, item in items]
    html = [(folder / "html" / item["file"]).read_bytes() for _, item in pages]
    sites = [site for site, _ in pages]
    megabytes = sum(map(len, html)) / 1e6

    speeds = [our_speed(arguments.bench, arguments.pages)]
    results = {}
    for name, extract in PEERS.items():
        texts, seconds = run_peer(extract, html)
        counts = numpy.array([counts_of(t, item) for t, (_, item) in zip(texts, pages)])
        results[name] = counts
        package = importlib.metadata.version(name.split("_")[0])
        speed = {"megabytes_per_cpu_second": round(megabytes / seconds, 1), "version": package}
        print(json.dumps(summary(name, counts) | speed))
        if arguments.out:
            with open(pathlib.Path(arguments.out) / f"{name}.jsonl", "w", encoding="utf-8") as file:
                for text, (_, item) in zip(texts, pages):
                    file.write(json.dumps({"path": "html/" + item["file"], "text": text}) + "\n")
        speeds.append(our_speed(arguments.bench, arguments.pages))

    with open(arguments.texts, encoding="utf-8") as file:
        ours = {row["path"]: row["text"] for row in map(json.loads, file)}
    counts = numpy.array(
        [counts_of(ours.get("html/" + item["file"], ""), item) for _, item in pages]
    )
    speed = sorted(speed for speed, _ in speeds)
    print(
        json.dumps(
            summary("aludel", counts)
            | {
                "megabytes_per_cpu_second": round(speed[len(speed) // 2], 1),
                "slowest": round(speed[0], 1),
                "pages": len(pages),
                "megabytes": round(megabytes, 1),
                "machine": speeds[0][1],
            }
        )
    )
    for name, theirs in results.items():
        print(json.dumps({"aludel_minus": name} | difference(sites, counts, theirs)))


if __name__ == "__main__":
    main()
