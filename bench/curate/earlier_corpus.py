"""Near-duplicates of an earlier corpus: the share that falls by its index, at each Jaccard index, and what that costs.

usage: python3 bench/curate/earlier_corpus.py [--aludel build/release/aludel] --work FOLDER [--documents 10000]
Synthetic, from a seed: documents of 400 random words. Of the later ones 3 % at each Jaccard index of 5-word runs are made of
an earlier document by replacing words; the rest are new. Theory: two documents of index s share one of 14 bands of 8 values
with probability 1 - (1 - s^8)^14. One JSON line a Jaccard index, and one of costs (CPU seconds of one thread).
"""
import argparse
import collections
import glob
import json
import os
import random
import subprocess

LEVELS = (1, .95, .9, .85, .8, .75, .7, .65, .6, .5)
WORDS = 400
OFF = ("language", "metrics", "repetition", "correction", "paragraph_dedup", "exact_dedup")


def page(draw):
    return [f"w{draw.randrange(40_000)}" for _ in range(WORDS)]


def runs(words):
    return {tuple(words[i:i + 5]) for i in range(len(words) - 4)}


def changed(draw, words, level):
    """The page with single words replaced until its Jaccard index with what it was is at most `level`."""
    was, now = runs(words), list(words)
    while level < 1:
        here = runs(now)
        if len(was & here) / len(was | here) <= level:
            break
        now[draw.randrange(WORDS)] = f"w{draw.randrange(40_000)}"
    return now


def write(path, documents):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as out:
        for name, words in documents:
            out.write(json.dumps({"id": name, "text": " ".join(words)}) + "\n")


def curate(options, name, more=()):
    out = f"{options.work}/{name}-run{'-against' if more else ''}"
    layers = [word for layer in OFF for word in ("--set", f"layers.{layer}=off")]
    subprocess.run([options.aludel, "curate", "--preset", "rules", "--set", "seed=7", "--threads", "1", *layers, *more,
                    "--in", f"{options.work}/{name}", "--out", out, "--overwrite"], check=True, stderr=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)
    timing = json.load(open(f"{out}/report/timing.json"))
    seconds = next(stage["cpu_seconds"] for stage in timing["stages"] if stage["name"] == "fit minhash_dedup")
    return out, {"cpu_seconds": round(seconds, 3), "scratch_bytes": timing["shuffle_bytes"]}


def rejects(out):
    for shard in glob.glob(f"{out}/rejects/*.jsonl.zst"):
        for line in subprocess.run(["zstd", "-dc", shard], capture_output=True, check=True).stdout.splitlines():
            yield json.loads(line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--aludel", default="build/release/aludel")
    parser.add_argument("--work", required=True)
    parser.add_argument("--documents", type=int, default=10_000)
    options = parser.parse_args()
    draw = random.Random(1)
    earlier = [page(draw) for _ in range(options.documents)]
    each = options.documents * 3 // 100
    copies = [(f"copy {level} {i}", changed(draw, earlier[at * each + i], level))
              for at, level in enumerate(LEVELS) for i in range(each)]
    new = [(f"new {i}", page(draw)) for i in range(options.documents - len(copies))]
    write(f"{options.work}/earlier/a.jsonl", [(f"earlier {i}", words) for i, words in enumerate(earlier)])
    write(f"{options.work}/later/a.jsonl", copies + new)
    run, _ = curate(options, "earlier")
    index = f"{options.work}/earlier.index"
    subprocess.run([options.aludel, "dedup", "build", f"{run}/kept", "--index", index, "--seed", "7"], check=True,
                   stderr=subprocess.DEVNULL)
    _, without = curate(options, "later")
    out, against = curate(options, "later", ("--set", f'layers.minhash_dedup.against=["{index}"]'))
    fell = collections.Counter()
    for row in rejects(out):
        notes = json.loads(row["annotations"])["read"]["id"].split(" ")
        fell[notes[1] if notes[0] == "copy" else "new"] += 1
    for level in LEVELS:
        print(json.dumps({"jaccard": level, "falls": round(fell[str(level)] / each, 3),
                          "shares_a_band": round(1 - (1 - level ** 8) ** 14, 3)}))
    print(json.dumps({"new_that_fall": fell["new"], "index_bytes_a_document": os.path.getsize(index) / options.documents,
                      "fit_with": against, "fit_without": without, "load": round(os.getloadavg()[0], 1)}))


if __name__ == "__main__":
    main()
