"""How often layer `quality` takes a sound page for two texts, and how many joined halves of pages it finds, by limit.

The pages of the files are the corpus that the layer learns words of; halves of pages of different files or rows, cut at a line end,
are joined and judged among them (a tenth as many as there are pages, at most 300).
usage: python3 bench/curate/coherence.py --models FOLDER [--aludel build/release/aludel] [--seed N] [--least-characters N] FILE.jsonl...
"""
import argparse
import json
import os
import random
import subprocess
import sys

from texts import read_texts


def half(text, which):
    cut = text.rfind("\n", 0, len(text) // 2)
    cut = cut if cut > len(text) // 4 else len(text) // 2
    return text[:cut] if which == 0 else text[cut:].lstrip("\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--aludel", default="build/release/aludel")
    parser.add_argument("--models", required=True)
    parser.add_argument("--limits", type=float, nargs="+", default=[0.6, 0.7, 0.75, 0.8])
    parser.add_argument("--seed", type=int, default=7, help="of the pairs of pages that are joined")
    parser.add_argument("--least-characters", type=int, default=800, help="shorter pages are left out")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    pick = random.Random(options.seed)
    documents = []
    for path in options.files:
        documents += [(os.path.basename(path), text) for text in read_texts([path]) if len(text) > options.least_characters]
    pages = [text for _, text in documents]
    for _ in range(min(300, len(pages) // 2)):
        a, b = pick.sample(pages, 2)
        documents.append(("joined", half(a, 0) + "\n" + half(b, 1)))
    lines = "".join(json.dumps({"id": f"{kind}#{i}", "text": text, "language": "en"}) + "\n" for i, (kind, text) in enumerate(documents))
    done = subprocess.run([options.aludel, "layer", "quality", "--models", options.models, "--set", "drop_share=0", "--set", "min_score=0",
                           "--set", "max_incoherence=1"], input=lines, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    values = {}
    for line in done.stdout.split("\n"):
        if not line:
            continue
        document = json.loads(line)
        notes = document["annotations"]
        notes = json.loads(notes) if isinstance(notes, str) else notes
        values.setdefault(document["id"].split("#")[0], []).append(notes["quality"].get("incoherence", 0))
    for limit in options.limits:
        print(json.dumps({"bench": "curate/coherence", "limit": limit,
                          **{kind: f"{sum(v > limit for v in found)} of {len(found)}, {sum(v > limit for v in found) / len(found):.3f}" for kind, found in values.items()}}))


if __name__ == "__main__":
    main()
