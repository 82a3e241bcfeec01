"""`aludel classifier` beside fastText on short texts of thirty topics, one to three topics a text.

usage: topic.py ALUDEL   (python3 with `pip install fasttext-wheel "numpy<2"`)
Both learn from the train part and are measured on the dev part of the topic set (its texts were
written by a model that was told the topics, so the labels are not people's). Printed: accuracy (the
best topic is one of the text's), and F1 of all decisions together (micro) and as the mean over topics
(macro), a text being of a topic from a threshold on, which each of both sets on a tenth of the train
part that it did not learn from, then learns from all of it. The interval is of the difference of
accuracies by 2,000 bootstrap samples of the dev texts.
"""

import argparse
import json
import os
import random
import statistics
import tempfile

import fasttext

import sets

PEERS = [
    {"loss": "softmax", "epoch": 5, "lr": 0.1, "wordNgrams": 1},  # its defaults
    {"loss": "softmax", "epoch": 25, "lr": 0.5, "wordNgrams": 2},
    {"loss": "ova", "epoch": 25, "lr": 0.5, "wordNgrams": 2},
]


class Ours:
    name = "aludel, defaults"

    def __init__(self, aludel, settings):
        self.aludel, self.settings = aludel, settings
        self.name = "aludel " + (" ".join(settings) or "defaults")

    def train_and_score(self, train, test, folder):
        data = sets.write([{"text": r["text"], "label": ",".join(r["labels"])} for r in train],
                          os.path.join(folder, "train.jsonl"))
        model = os.path.join(folder, "model.bin")
        sets.run(self.aludel, "classifier", "train", data, "--model", model, "--overwrite", "--fields.label-separator", ",",
                 *self.settings)
        data = sets.write([{"text": r["text"]} for r in test], os.path.join(folder, "test.jsonl"))
        lines = sets.run(self.aludel, "classifier", "apply", data, "--model", model).splitlines()
        return [json.loads(line)["probabilities"] for line in lines]


class FastText:
    def __init__(self, settings):
        self.settings = settings
        self.name = f"fastText {json.dumps(settings)}"

    def train_and_score(self, train, test, folder):
        data = os.path.join(folder, "train.txt")
        with open(data, "w") as file:
            for row in train:
                labels = " ".join("__label__" + label.replace(" ", "_") for label in row["labels"])
                file.write(f"{labels} {sets.one_line(row['text'])}\n")
        model = fasttext.train_supervised(data, thread=1, verbose=0, seed=1, bucket=200000, **self.settings)
        rows = []
        for row in test:
            labels, probabilities = model.predict(sets.one_line(row["text"]), k=-1)
            rows.append({l[9:].replace("_", " "): float(p) for l, p in zip(labels, probabilities)})
        return rows


def f1(scores, rows, threshold, topics):
    """Micro and macro."""
    counts = {topic: [0, 0, 0] for topic in topics}  # hits, called, are
    for score, row in zip(scores, rows):
        for topic in topics:
            called, is_one = score.get(topic, 0) >= threshold, topic in row["labels"]
            counts[topic][0] += called and is_one
            counts[topic][1] += called
            counts[topic][2] += is_one
    of = lambda hits, called, are: 2 * hits / max(1, called + are)
    return of(*map(sum, zip(*counts.values()))), statistics.mean(of(*c) for c in counts.values())


def best_threshold(scores, rows, topics):
    candidates = [i / 100 for i in range(2, 60, 2)]
    return max(candidates, key=lambda t: f1(scores, rows, t, topics)[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("aludel")
    parser.add_argument("--settings", action="append", default=[], help="=WORD for aludel classifier train; again for more")
    options = parser.parse_args()
    train, dev = sets.topic("train"), sets.topic("dev")
    topics = sorted({label for row in train for label in row["labels"]})
    random.Random(1).shuffle(train)
    tenth = len(train) // 10
    print(f"{len(train)} texts teach, {len(dev)} measure; {len(topics)} topics")
    right = {}
    with tempfile.TemporaryDirectory() as folder:
        for system in [Ours(options.aludel, options.settings)] + [FastText(s) for s in PEERS]:
            threshold = best_threshold(system.train_and_score(train[tenth:], train[:tenth], folder), train[:tenth], topics)
            scores = system.train_and_score(train, dev, folder)
            right[system.name] = [max(s, key=s.get) in row["labels"] for s, row in zip(scores, dev)]
            micro, macro = f1(scores, dev, threshold, topics)
            print(f"{system.name}: accuracy {statistics.mean(right[system.name]):.3f}, F1 micro {micro:.3f} "
                  f"macro {macro:.3f} (threshold {threshold})", flush=True)
    ours = next(iter(right.values()))
    pick = random.Random(2)
    for name, theirs in list(right.items())[1:]:
        differences = []
        for _ in range(2000):
            sample = pick.choices(range(len(dev)), k=len(dev))
            differences.append(statistics.fmean(ours[i] - theirs[i] for i in sample))
        differences.sort()
        print(f"accuracy less that of {name}: {statistics.fmean(ours) - statistics.fmean(theirs):+.3f} "
              f"[{differences[50]:+.3f}, {differences[1949]:+.3f}]")


if __name__ == "__main__":
    main()
