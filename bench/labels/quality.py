"""`aludel classifier` beside fastText on the human labels of page quality, by paired repeated
cross-validation.

usage: quality.py ALUDEL [--folds N] [--repeats N] [--unseen FILE.jsonl] [--no-peer]   (python3 with `pip install fasttext-wheel "numpy<2"`)
Every repeat deals the pages anew into folds, good and bad alike; both learn from the same pages and
score the same fold. Ours runs with its defaults, which settings.py chose on other sets. Printed: the mean area under the ROC curve, and the mean difference with
its 95 % interval by the corrected resampled t-test (Nadeau & Bengio 2003), since folds share pages.
Then the same of each page's mean score over the repeats, with 2,000 bootstrap samples of the pages.
fastText runs with several settings, and the one that scores best here is what we are compared with.
Of ours also, calibrated as `models build` does it: the calibration error (ten bins of equal width; of each repeat, and of the mean
scores), and with --unseen (pages of other kinds, {"text": ...} a line) of a model of all labelled pages the rank correlation of score
and length, and what share of their mean score the 40 best pages keep when they are cut to 600 characters.
"""

import argparse
import json
import math
import os
import random
import statistics
import tempfile

import sets

PEER_SETTINGS = [
    {"wordNgrams": 1, "epoch": 5, "lr": 0.1, "dim": 100},  # its defaults
    {"wordNgrams": 2, "epoch": 25, "lr": 0.5, "dim": 20},
    {"wordNgrams": 2, "epoch": 50, "lr": 1.0, "dim": 20},
]
T_975 = {4: 2.776, 9: 2.262, 14: 2.145, 24: 2.064, 49: 2.010, 99: 1.984}


def deal(pages, seed, folds):
    """Indices of the pages, dealt by label into parts."""
    parts = [[] for _ in range(folds)]
    for label in ("good", "bad"):
        indices = [i for i, page in enumerate(pages) if page["label"] == label]
        random.Random(f"{seed}{label}").shuffle(indices)
        for place, index in enumerate(indices):
            parts[place % folds].append(index)
    return parts


def our_scores(aludel, train, test, folder, settings):
    data = sets.write(train, os.path.join(folder, "train.jsonl"))
    model = os.path.join(folder, "model.bin")
    sets.run(aludel, "classifier", "train", data, "--model", model, "--overwrite", *settings)
    data = sets.write(test, os.path.join(folder, "test.jsonl"))
    lines = sets.run(aludel, "classifier", "apply", data, "--model", model).splitlines()
    return [json.loads(line)["probabilities"]["good"] for line in lines]


def peer_scores(train, test, folder, settings):
    import fasttext

    data = os.path.join(folder, "train.txt")
    with open(data, "w") as file:
        for row in train:
            file.write(f"__label__{row['label']} {sets.one_line(row['text'])}\n")
    model = fasttext.train_supervised(data, thread=1, verbose=0, seed=1, bucket=200000, **settings)
    scores = []
    for row in test:
        labels, probabilities = model.predict(sets.one_line(row["text"]), k=2)
        scores.append(dict(zip(labels, probabilities)).get("__label__good", 0.0))
    return scores


def interval(differences, folds):
    """Half of the 95 % interval of the mean, corrected for pages that training sets share."""
    n = len(differences)
    variance = statistics.variance(differences) * (1 / n + 1 / (folds - 1))
    return T_975.get(n - 1, 1.984) * math.sqrt(variance)


def area_of_pages(sums, pages, indices):
    return sets.area_under_curve([sums[i] for i in indices], [pages[i]["label"] == "good" for i in indices])


def bootstrap(ours, theirs, pages):
    """Difference of the areas of two lists of page scores, and its 95 % interval."""
    pick = random.Random(3)
    differences = []
    for _ in range(2000):
        sample = pick.choices(range(len(pages)), k=len(pages))
        differences.append(area_of_pages(ours, pages, sample) - area_of_pages(theirs, pages, sample))
    differences.sort()
    whole = range(len(pages))
    return area_of_pages(ours, pages, whole) - area_of_pages(theirs, pages, whole), differences[50], differences[1949]


def calibration_error(scores, truth):
    bins = [[] for _ in range(10)]
    for score, is_good in zip(scores, truth):
        bins[min(int(score * 10), 9)].append((score, is_good))
    return sum(abs(sum(s for s, _ in b) - sum(g for _, g in b)) for b in bins) / len(scores)


def ranks(values):
    """Ranks, ties with their mean."""
    places = {}
    for place, value in enumerate(sorted(values)):
        places.setdefault(value, []).append(place)
    return [statistics.mean(places[value]) for value in values]


def rank_correlation(a, b):
    return statistics.correlation(ranks(a), ranks(b))


def judge_unseen(aludel, pages, path, folder, settings):
    with open(path, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    texts = [text for text in texts if text.strip()]
    both = [{"text": text} for text in texts] + [{"text": text[:600]} for text in texts]
    scores = our_scores(aludel, pages, both, folder, settings)
    whole, cut = scores[: len(texts)], scores[len(texts):]
    best = sorted(range(len(texts)), key=lambda i: -whole[i])[:40]
    share = sum(cut[i] for i in best) / sum(whole[i] for i in best)
    lengths = [len(text) for text in texts]
    print(f"unseen: {len(texts)} pages, rank correlation of score and length {rank_correlation(lengths, whole):+.3f}, "
          f"the 40 best cut to 600 characters keep {share:.2f} of their score")


CALIBRATED = ["--settings.calibration-folds", "10"]


def judge_calibrated(options, pages):
    truth = [page["label"] == "good" for page in pages]
    sums, errors, areas = [0.0] * len(pages), [], []
    settings = [*CALIBRATED, *options.settings]
    with tempfile.TemporaryDirectory() as folder:
        for repeat in range(options.repeats):
            scores = [0.0] * len(pages)
            for part in deal(pages, repeat, options.folds):
                train = [page for i, page in enumerate(pages) if i not in set(part)]
                found = our_scores(options.aludel, train, [pages[i] for i in part], folder, settings)
                areas.append(sets.area_under_curve(found, [truth[i] for i in part]))
                for i, score in zip(part, found):
                    scores[i] = score
                    sums[i] += score / options.repeats
            errors.append(calibration_error(scores, truth))
        print(f"calibrated: AUC {statistics.mean(areas):.4f}, calibration error {statistics.mean(errors):.3f}, of mean scores "
              f"{calibration_error(sums, truth):.3f}; rank correlation of length with the scores "
              f"{rank_correlation([len(p['text']) for p in pages], sums):+.3f}, with the labels "
              f"{rank_correlation([len(p['text']) for p in pages], truth):+.3f}", flush=True)
        if options.unseen:
            judge_unseen(options.aludel, pages, options.unseen, folder, settings)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("aludel")
    parser.add_argument("--unseen")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--settings", action="append", default=[], help="=WORD for aludel classifier train; again for more")
    options = parser.parse_args()
    pages = sets.quality()
    good = sum(page["label"] == "good" for page in pages)
    print(f"{len(pages)} pages, {good} good; {options.repeats} times {options.folds} folds")
    judge_calibrated(options, pages)
    if options.no_peer:
        return
    ours, peers = [], [[] for _ in PEER_SETTINGS]
    our_sums, peer_sums = [0.0] * len(pages), [[0.0] * len(pages) for _ in PEER_SETTINGS]
    with tempfile.TemporaryDirectory() as folder:
        for repeat in range(options.repeats):
            for part in deal(pages, repeat, options.folds):
                test = [pages[i] for i in part]
                train = [page for i, page in enumerate(pages) if i not in set(part)]
                truth = [page["label"] == "good" for page in test]
                scores = our_scores(options.aludel, train, test, folder, options.settings)
                ours.append(sets.area_under_curve(scores, truth))
                for i, score in zip(part, scores):
                    our_sums[i] += score
                for settings, areas, sums in zip(PEER_SETTINGS, peers, peer_sums):
                    theirs = peer_scores(train, test, folder, settings)
                    areas.append(sets.area_under_curve(theirs, truth))
                    for i, score in zip(part, theirs):
                        sums[i] += score
    print(f"aludel {' '.join(options.settings) or 'defaults'}: AUC {statistics.mean(ours):.4f}")
    for settings, areas, sums in zip(PEER_SETTINGS, peers, peer_sums):
        differences = [a - b for a, b in zip(ours, areas)]
        mean, half = statistics.mean(differences), interval(differences, options.folds)
        whole, low, high = bootstrap(our_sums, sums, pages)
        print(
            f"fastText {json.dumps(settings)}: AUC {statistics.mean(areas):.4f}; ours less it "
            f"{mean:+.4f} [{mean - half:+.4f}, {mean + half:+.4f}]; of mean scores "
            f"{whole:+.4f} [{low:+.4f}, {high:+.4f}]",
            flush=True,
        )


if __name__ == "__main__":
    main()
