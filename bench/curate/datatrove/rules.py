"""Layers `metrics` and `repetition` beside datatrove's filters, on the same documents in one run: agreement and speed.

PyPI: datatrove nltk spacy numpy (datatrove's English words and sentences are spaCy's).
usage: python3 bench/curate/datatrove/rules.py [--aludel build/release/aludel] [--bench build/release/rules_bench] FILE.jsonl...
Each line of a file is {"text": ...}. `aludel layer` judges them in compat mode (preset fineweb; its own rules switched one
filter at a time); datatrove's GopherRepetitionFilter, GopherQualityFilter, C4QualityFilter (without terminal punctuation, as
FineWeb runs it) and FineWebQualityFilter judge the same text, alone and in FineWeb's order. One JSON line per result.
"""
import argparse
import json
import logging
import os
import resource
import subprocess
import sys
import time

from loguru import logger

logger.remove()
logging.disable(logging.WARNING)

from datatrove.data import Document  # noqa: E402
from datatrove.pipeline.filters import (  # noqa: E402
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)

# Settings of `metrics` with which a filter's rules pass everything.
NO_GOPHER = {
    "min_words": 0, "max_words": 10**9, "min_mean_word_length": 0, "max_mean_word_length": 1e9, "max_hashes_per_word": 1e9,
    "max_ellipses_per_word": 1e9, "max_bullet_lines": 1, "max_ellipsis_lines": 1, "min_alphabetic_words": 0, "min_stop_words": 0,
}
NO_C4 = {"c4_line_rules": "false", "min_sentences": 0, "allow_curly_brackets": "true", "allow_lorem_ipsum": "true"}
NO_FINEWEB = {"min_terminal_lines": 0, "max_short_lines": 1, "max_duplicate_line_characters": 1, "max_newlines_per_word": 1e9}


def theirs(filters, texts):
    """Whether each text passes the filters in order, and the CPU seconds that took."""
    kept = []
    start = time.process_time()
    for text in texts:
        document = Document(text=text, id="0")
        passes = True
        for f in filters:
            try:
                result = f.filter(document)
            except ZeroDivisionError:  # an empty text: datatrove's executor would stop
                result = False
            if result is not True:
                passes = False
                break
        kept.append(passes)
    return kept, time.process_time() - start


def ours(aludel, layers, texts):
    """Whether each text passes the layers in order, and the CPU seconds of the processes."""
    lines = [json.dumps({"id": str(i), "text": t, "language": "en"}) for i, t in enumerate(texts)]
    kept = [True] * len(texts)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for layer, settings in layers:
        command = [aludel, "layer", layer, "--preset", "fineweb", "--threads", "1"]
        for name, value in settings.items():
            command += ["--set", f"{name}={value}"]
        done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        for line in done.stdout.splitlines():
            document = json.loads(line)
            if document.get("rejected_by"):
                kept[int(document["id"])] = False
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return kept, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def machine():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--aludel", default="build/release/aludel")
    parser.add_argument("--bench", default="build/release/rules_bench")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    texts = []
    for path in options.files:
        with open(path, encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines]
    texts = [t for t in texts if t.strip()]
    megabytes = sum(len(t.encode()) for t in texts) / 1e6
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    about = {"machine": machine(), "threads": 1, "isa": os.environ.get("ALUDEL_ISA", "best"), "commit": commit}

    repetition, quality = GopherRepetitionFilter(), GopherQualityFilter()
    c4, fineweb = C4QualityFilter(filter_no_terminal_punct=False), FineWebQualityFilter()
    all_but = {"quality": {**NO_C4, **NO_FINEWEB}, "c4": {**NO_GOPHER, **NO_FINEWEB}, "fineweb": {**NO_GOPHER, **NO_C4}}
    cases = [
        ("GopherRepetitionFilter", [repetition], [("repetition", {})]),
        ("GopherQualityFilter", [quality], [("metrics", all_but["quality"])]),
        ("C4QualityFilter", [c4], [("metrics", all_but["c4"])]),
        ("FineWebQualityFilter", [fineweb], [("metrics", all_but["fineweb"])]),
        ("all four in FineWeb's order", [repetition, quality, c4, fineweb], [("repetition", {}), ("metrics", {})]),
    ]
    theirs([quality], texts[:5])  # loads the tokenizer
    for name, filters, layers in cases:
        their_kept, seconds = theirs(filters, texts)
        our_kept, our_seconds = ours(options.aludel, layers, texts)
        same = sum(a == b for a, b in zip(their_kept, our_kept))
        print(json.dumps({
            "bench": "curate/datatrove", "filter": name, "documents": len(texts), "text_megabytes": round(megabytes, 3),
            "agreement": round(same / len(texts), 4), "kept_theirs": sum(their_kept), "kept_ours": sum(our_kept),
            "megabytes_per_cpu_second_theirs": round(megabytes / seconds, 3),
            "megabytes_per_cpu_second_ours_with_json": round(megabytes / our_seconds, 3), **about,
        }), flush=True)
    if os.path.exists(options.bench):
        for preset in ("web", "fineweb"):
            subprocess.run([options.bench, "--preset", preset, *options.files])


if __name__ == "__main__":
    main()
