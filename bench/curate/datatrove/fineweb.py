"""`aludel curate --preset fineweb` beside datatrove's FineWeb pipeline, on the same archives, one core each, in one run.

PyPI: "datatrove[processing]" fasttext-wheel fasttext-numpy2-wheel python-magic fasteners tldextract lxml_html_clean nltk spacy warcio faust-cchardet orjson
usage: python3 bench/curate/datatrove/fineweb.py --work FOLDER --lid lid.176.ftz [--aludel build/release/aludel] [--repeats 2] FILE.warc.gz
The steps are those of datatrove's examples/fineweb.py: URL filter, trafilatura, language, Gopher repetition and quality, C4
without terminal punctuation, FineWeb's rules, MinHash of 14 x 8 over five words, personal data. Theirs and ours take turns.
Seconds are CPU of the whole process and its children, less those of a start that only loads; datatrove reads its language
model from --lid instead of fetching it. One JSON line.
"""
import argparse
import glob
import gzip
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from speed import about, layers_of, run  # noqa: E402


def peer(archive, work, lid):
    """datatrove's pipeline; with an empty archive it only loads what it needs."""
    import logging

    from loguru import logger

    logger.remove()
    logging.disable(logging.WARNING)
    import datatrove.utils.lid as lid_module
    import fasttext
    from datatrove.executor.local import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.extractors import Trafilatura
    from datatrove.pipeline.filters import (C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter,
                                            LanguageFilter, URLFilter)
    from datatrove.pipeline.formatters import PIIFormatter
    from datatrove.pipeline.readers import JsonlReader, WarcReader
    from datatrove.pipeline.writers.jsonl import JsonlWriter
    from datatrove.utils.hashing import HashConfig

    loaded = fasttext.load_model(lid)
    lid_module.FT176LID.model = property(lambda self: loaded)
    quality = GopherQualityFilter()
    quality.filter(next(iter_document("Loads the tokenizer of words.")))
    if not archive:
        return
    config = MinhashConfig(hash_config=HashConfig(hash_fc="sha1", precision=64), num_buckets=14, hashes_per_bucket=8, n_grams=5)

    def execute(name, steps, tasks=1):
        LocalPipelineExecutor(pipeline=steps, tasks=tasks, workers=1, logging_dir=f"{work}/log/{name}").run()

    execute("base", [
        WarcReader(os.path.dirname(archive), glob_pattern=os.path.basename(archive)), URLFilter(), Trafilatura(favour_precision=True, timeout=5),
        LanguageFilter(languages=["en"]), GopherRepetitionFilter(), quality, C4QualityFilter(filter_no_terminal_punct=False),
        FineWebQualityFilter(), JsonlWriter(f"{work}/base")])
    execute("signatures", [JsonlReader(f"{work}/base"), MinhashDedupSignature(output_folder=f"{work}/signatures", config=config)])
    execute("buckets", [MinhashDedupBuckets(input_folder=f"{work}/signatures", output_folder=f"{work}/buckets", config=config)], tasks=14)
    execute("clusters", [MinhashDedupCluster(input_folder=f"{work}/buckets", output_folder=f"{work}/remove", config=config)])
    execute("filter", [JsonlReader(f"{work}/base"), MinhashDedupFilter(input_folder=f"{work}/remove"), PIIFormatter(), JsonlWriter(f"{work}/final")])


def iter_document(text):
    from datatrove.data import Document

    yield Document(text=text, id="0")


def kept_urls(paths, open_line):
    urls = set()
    for path in paths:
        with open_line(path) as lines:
            for line in lines:
                row = json.loads(line)
                urls.add(row.get("url") or row["metadata"]["url"])
    return urls


def zstd_lines(path):
    return subprocess.Popen(["zstdcat", path], stdout=subprocess.PIPE, text=True, encoding="utf-8").stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--aludel", default="build/release/aludel")
    parser.add_argument("--work", required=True)
    parser.add_argument("--lid", required=True)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--peer", choices=["load", "run"])
    parser.add_argument("archive")
    options = parser.parse_args()
    work = os.path.abspath(options.work)
    if options.peer:
        peer(os.path.abspath(options.archive) if options.peer == "run" else "", work + "/theirs", options.lid)
        return
    command = [sys.executable, os.path.abspath(__file__), "--work", work, "--lid", options.lid, options.archive]
    ours, theirs, loading = [], [], []
    for _ in range(options.repeats):
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        loading.append(run([*command, "--peer", "load"])[0])
        theirs.append(run([*command, "--peer", "run"])[0])
        ours.append(run([options.aludel, "curate", "--preset", "fineweb", "--in", options.archive, "--out", work + "/ours", "--threads", "1"])[0])
    ledger = json.load(open(work + "/ours/ledger.json"))
    timing = json.load(open(work + "/ours/report/timing.json"))
    layers = layers_of(ledger, timing)
    html = sum(s["in"]["bytes_raw"] for s in ledger["sources"].values())
    text = sum(s["in"]["bytes_text"] for s in ledger["sources"].values())
    kept_ours = kept_urls(glob.glob(work + "/ours/kept/*"), zstd_lines)
    kept_theirs = kept_urls(glob.glob(work + "/theirs/final/*"), lambda path: gzip.open(path, "rt", encoding="utf-8"))
    documents = layers["read"]["in"]
    their_seconds, our_seconds = min(theirs) - min(loading), min(ours)
    print(json.dumps({
        "bench": "curate/datatrove/fineweb", "input": options.archive, "documents": documents, "html_megabytes": round(html / 1e6, 1),
        "yield": round(text / html, 4), "cpu_seconds_ours": [round(s, 2) for s in ours],
        "cpu_seconds_theirs": [round(s, 2) for s in theirs], "cpu_seconds_theirs_loading": [round(s, 2) for s in loading],
        "megabytes_per_cpu_second_ours": round(html / 1e6 / our_seconds, 1),
        "megabytes_per_cpu_second_theirs": round(html / 1e6 / their_seconds, 2), "ratio": round(their_seconds / our_seconds, 1),
        "kept_ours": len(kept_ours), "kept_theirs": len(kept_theirs),
        "same_fate_with_own_extraction": round(1 - len(kept_ours ^ kept_theirs) / documents, 4), "layers": layers, **about(),
    }))


if __name__ == "__main__":
    main()
