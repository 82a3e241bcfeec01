"""Scoring with an n-gram model beside KenLM: the same ARPA model, the same text, one core, one run.

usage: compare.py BENCH ALUDEL ARPA MODEL TEXT MEGABYTES   (python3 with `pip install kenlm`)
  BENCH   build/release/ngram_lm_bench   ALUDEL  build/release/aludel
  ARPA    what `lm train --arpa` wrote   MODEL   what it wrote beside it
They take turns, three times. KenLM is given lines that are cut into units already, so that only its own look-up of
words and n-grams is timed; ours is timed from the raw text on. Speeds are megabytes of the raw text per second of
processor time.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import kenlm

ROUNDS = 3


def main():
    bench, program, arpa, path, text, megabytes = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        part = os.path.join(folder, "part.txt")
        with open(text, "rb") as file, open(part, "wb") as out:
            raw = file.read(int(float(megabytes) * 1e6))
            out.write(raw)
        command = [program, "lm", "units", "--in", part]
        cut = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
        lines = [line for line in cut if line]
        model = kenlm.Model(arpa)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            done = subprocess.run([bench, path, megabytes, part], capture_output=True, text=True, check=True)
            row = json.loads(done.stdout)
            ours.append(row["megabytes_per_processor_second"])
            start = time.process_time()
            total = sum(model.score(line) for line in lines)
            theirs.append(len(raw) / 1e6 / (time.process_time() - start))
    print(json.dumps({"aludel, from raw text": statistics.median(ours), "kenlm, from lines of units": statistics.median(theirs),
                      "kenlm log10": total, "spread": [min(ours), max(ours), min(theirs), max(theirs)], "ours": row}))


main()
