"""Speed of the classifier beside fastText's, on the same documents, taking turns in one run.

usage: speed.py [--labels N] BENCH FILE.jsonl...   (python3 with `pip install fasttext-wheel "numpy<2"`)
  BENCH  build/release/classifier_bench       FILE  rows with "text"
Both have two labels or as many as asked for, and word bigrams; fastText has its default of 2 million buckets and ten dimensions
where DCLM's has 100, so that it does less. CPU seconds of one thread, the best of three turns; the
texts are put on one line for fastText beforehand, outside the time, and Chinese characters parted by
spaces: without them it takes a sentence for a word.
"""

import argparse
import json
import os
import re
import tempfile
import time

import fasttext

import sets


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--labels", type=int, default=2)
    options = parser.parse_args()
    texts = []
    for path in options.files:
        with open(path) as file:
            texts += [json.loads(line)["text"] for line in file]
    size = sum(len(text.encode()) for text in texts)
    lines = [sets.one_line(re.sub("([\u4e00-\u9fff])", r" \1 ", text)) for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, "train.txt")
        with open(place, "w") as file:
            for i, line in enumerate(lines[::4][:400]):
                file.write(f"__label__{i % options.labels} {line}\n")
        model = fasttext.train_supervised(place, thread=1, verbose=0, wordNgrams=2, dim=10, epoch=1)
    ours, theirs = [], []
    for _ in range(3):
        out = json.loads(sets.run(options.bench, "--labels", options.labels, "--repeats", 3, *options.files))
        ours.append(out["mb_per_second"])
        started = time.process_time()
        for line in lines:
            model.predict(line)
        theirs.append(size / 1e6 / (time.process_time() - started))
    print(f"{out['machine']}, one thread, {options.labels} labels, {len(texts)} documents, {size / 1e6:.1f} MB: aludel {max(ours):.1f} MB/s, "
          f"fastText {max(theirs):.1f} MB/s")


if __name__ == "__main__":
    main()
