"""Which settings of `aludel classifier` are best, on sets that do not measure the layers: how the
defaults were chosen.

usage: settings.py ALUDEL ["--settings.l2 0.1 --settings.rarity 0" ...]
Six tasks of two labels, of as many examples as there are pages in a fold of quality.py (117 of each
label): mail (SpamAssassin), comments (COLD, train part), chat (Telegram) and three pairs of topics
(train part), each drawn six times; up to 500 others of each label measure. Printed for every line of
settings: the mean area under the ROC curve of each task, and of all.
"""

import collections
import json
import os
import random
import statistics
import sys
import tempfile

import sets

TAUGHT, MEASURED, DRAWS = 117, 500, 6


def tasks():
    """Name to the texts of one label and those of the other."""
    pairs = {"mail": sets.spamassassin(), "comments": sets.cold("train"), "chat": sets.telegram()}
    parted = {name: ([r["text"] for r in rows if r["label"] == "safe"], [r["text"] for r in rows if r["label"] != "safe"])
              for name, rows in pairs.items()}
    topics = sets.topic("train")
    common = [name for name, _ in collections.Counter(l for r in topics for l in r["labels"]).most_common(6)]
    for a, b in zip(common[::2], common[1::2]):
        parted[f"{a}, {b}"] = ([r["text"] for r in topics if a in r["labels"] and b not in r["labels"]],
                               [r["text"] for r in topics if b in r["labels"] and a not in r["labels"]])
    return parted


def area(aludel, settings, parts, folder):
    """Of a model of the first examples on those behind them. The longest mails are cut."""
    rows = [[{"text": text[:8000], "label": label} for text in part] for part, label in zip(parts, ("good", "bad"))]
    train, test, model = (os.path.join(folder, name) for name in ("train.jsonl", "test.jsonl", "model"))
    sets.write([row for part in rows for row in part[:TAUGHT]], train)
    measured = [row for part in rows for row in part[TAUGHT:TAUGHT + MEASURED]]
    sets.write(measured, test)
    sets.run(aludel, "classifier", "train", train, "--model", model, "--overwrite", *settings.split())
    lines = sets.run(aludel, "classifier", "apply", test, "--model", model).splitlines()
    return sets.area_under_curve([json.loads(line)["probabilities"]["good"] for line in lines],
                                 [row["label"] == "good" for row in measured])


def main():
    aludel, every_settings = sys.argv[1], sys.argv[2:] or [""]
    parted = tasks()
    for settings in every_settings:
        means = {}
        with tempfile.TemporaryDirectory() as folder:
            for name, parts in parted.items():
                areas = []
                for draw in range(DRAWS):
                    pick = random.Random(f"{name}{draw}")
                    areas.append(area(aludel, settings, [pick.sample(part, len(part)) for part in parts], folder))
                means[name] = statistics.mean(areas)
        each = ", ".join(f"{name} {mean:.4f}" for name, mean in means.items())
        print(f"{settings or 'defaults'}: {statistics.mean(means.values()):.4f} ({each})", flush=True)


if __name__ == "__main__":
    main()
