#!/usr/bin/env python3
"""Compares n-gram models with KenLM: the same ARPA file, the same text, the same score of every line.

usage: kenlm_check.py ALUDEL TRAIN_TEXT HELD_OUT_TEXT [ARPA_FILE...]
needs: pip install kenlm

A 5-gram model is trained on TRAIN_TEXT and written in ARPA form too. Every line of HELD_OUT_TEXT is then scored by
KenLM, which reads the ARPA file, and by `aludel lm score` three times: with the model file as trained (exact), with
the ARPA file read back, and with the packed model. Of further ARPA files (SRILM's, KenLM's own), lines of their own
words in random order are scored. Exits 1 when a line's log10 differs by more than 1e-4, or for the packed model by
more than the rounding that `lm arpa` states for each unit.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import kenlm

BOUND = 1e-4


def run(program, *words):
    done = subprocess.run([program, *words], capture_output=True, text=True, check=True)
    return done.stdout


def ours(program, model, lines, folder):
    path = os.path.join(folder, "lines.jsonl")
    with open(path, "w", encoding="utf8") as file:
        for i, line in enumerate(lines):
            file.write(json.dumps({"id": str(i), "text": line}) + "\n")
    return [json.loads(row) for row in run(program, "lm", "score", "--model", model, "--in", path).splitlines()]


def compare(name, rows, expected, bound_per_unit=0.0):
    assert len(rows) == len(expected), (name, len(rows), len(expected))
    worst = 0.0
    failed = 0
    units = 0
    for row, other in zip(rows, expected):
        difference = abs(row["log10"] - other)
        worst = max(worst, difference)
        units += row["units"]
        if difference > BOUND + bound_per_unit * row["units"]:
            failed += 1
    total = sum(row["log10"] for row in rows)
    print(f"{name}: {len(rows)} lines, {units} units, log10 {total:.4f} (kenlm {sum(expected):.4f}), "
          f"largest difference of a line {worst:.2e}, {failed} beyond the bound")
    return failed


def kenlm_scores(model, lines):
    # Summed here: score() adds in 32 bits.
    return [sum(one[0] for one in model.full_scores(line)) for line in lines]


def check_trained(program, train, held_out, folder):
    exact, packed, arpa = (os.path.join(folder, name) for name in ("exact.lm", "packed.lm", "model.arpa"))
    run(program, "lm", "train", "--in", train, "--out", exact, "--order", "5", "--precision", "exact", "--arpa", arpa)
    report = json.loads(run(program, "lm", "arpa", "--in", arpa, "--out", packed))
    print("model:", json.dumps(report))
    lines = [line for line in run(program, "lm", "units", "--in", held_out).split("\n") if line.strip()]
    start = time.process_time()
    model = kenlm.Model(arpa)
    print(f"kenlm reads the ARPA file in {time.process_time() - start:.1f} s")
    expected = kenlm_scores(model, lines)
    # The spelled units are cut into the same units again, so both ways of counting agree on them.
    failed = compare("as trained", ours(program, exact, lines, folder), expected)
    failed += compare("ARPA read back", ours(program, arpa, lines, folder), expected)
    failed += compare("packed", ours(program, packed, lines, folder), expected, report["largest_rounding"])
    return failed


def check_arpa(program, path, folder):
    words = []
    with open(path, encoding="utf8") as file:
        in_unigrams = False
        for line in file:
            if line.startswith("\\"):
                in_unigrams = line.startswith("\\1-grams")
            elif in_unigrams and line.strip():
                words.append(line.split()[1])
    words = [word for word in words if word not in ("<s>", "</s>")] + ["unheard"]
    chosen = random.Random(1)
    lines = [" ".join(chosen.choice(words) for _ in range(chosen.randrange(1, 20))) for _ in range(2000)]
    return compare(os.path.basename(path), ours(program, path, lines, folder), kenlm_scores(kenlm.Model(path), lines))


def main():
    program, train, held_out, *arpas = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        failed = check_trained(program, train, held_out, folder)
        for path in arpas:
            failed += check_arpa(program, path, folder)
    return 1 if failed else 0


sys.exit(main())
