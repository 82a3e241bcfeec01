"""Language identification beside the fastText library, on the same documents, in one run.

usage: compare.py BENCH MODEL FILE...   (python3 with `pip install fasttext-wheel`)
  BENCH  build/release/language_bench        MODEL  lid.176.ftz
  FILE   .jsonl with "text" (and "language"), or any text, which is cut into documents of 4,000
         bytes; .gz is read, too; a wheel of Django is read as its translations, whose language is
         known: passages of 200 characters or more in the languages that the model has
The library and ours take turns, three times; speeds are megabytes per second of processor time.
"""

import gzip
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

import fasttext

DOCUMENT_BYTES = 4000
PASSAGE_CHARACTERS = 200
ROUNDS = 3
# Django's codes whose part before "_" is not the model's.
CODES = {"nb": "no"}


def read(path):
    with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
        return file.read()


def cut(text):
    data, at = text.encode(), 0
    while at < len(data):
        piece = data[at : at + DOCUMENT_BYTES].decode(errors="ignore")
        yield {"text": piece}
        at += max(1, len(piece.encode()))


def translations(po):
    """The msgstr values of a gettext catalogue, placeholders and tags taken out."""
    for entry in re.findall(r'^msgstr(?:\[\d+\])? ((?:".*"\n?)+)', po, re.M):
        text = "".join(json.loads(line) for line in entry.strip().split("\n"))
        if "Project-Id-Version" not in text:
            yield re.sub(r"%\([a-z_]+\)[sd]|%[sd]|\{[^}]*\}|<[^>]*>", " ", text).strip()


def django_passages(path, known):
    wheel = zipfile.ZipFile(path)
    for name in sorted(wheel.namelist()):
        match = re.search(r"locale/([A-Za-z_]+)/LC_MESSAGES/django\.po$", name)
        if not match or match.group(1) == "en":
            continue
        code = match.group(1).split("_")[0]
        code = CODES.get(code, code)
        if code not in known:
            continue
        passage = ""
        for text in dict.fromkeys(t for t in translations(wheel.read(name).decode()) if len(t) > 12):
            passage += text + "\n"
            if len(passage) >= PASSAGE_CHARACTERS:
                yield {"text": passage, "language": code}
                passage = ""


def documents(path, known):
    if path.endswith(".whl"):
        return list(django_passages(path, known))
    text = read(path).decode(errors="replace")
    if ".jsonl" in os.path.basename(path):
        return [json.loads(line) for line in text.split("\n") if line]
    return list(cut(text))


def library_speed(model, rows):
    lines = [row["text"].replace("\n", " ") + "\n" for row in rows]
    size = sum(len(row["text"].encode()) for row in rows)
    start = time.process_time()
    labels = [model.f.predict(line, 1, 0.0, "strict") for line in lines]
    seconds = time.process_time() - start
    known = [(row["language"], best[0][1][len("__label__") :])
             for row, best in zip(rows, labels) if row.get("language") and best]
    accuracy = sum(a == b for a, b in known) / len(known) if known else None
    return size / 1e6 / seconds, accuracy


def main(bench, model_path, paths):
    model = fasttext.load_model(model_path)
    known = {label[len("__label__") :] for label in model.labels}
    for path in paths:
        rows = documents(path, known)
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
            file.writelines(
                json.dumps({k: row[k] for k in ("text", "language") if row.get(k)}) + "\n" for row in rows)
            file.flush()
            ways = {}
            for _ in range(ROUNDS):
                speed, accuracy = library_speed(model, rows)
                ways.setdefault("fastText library", []).append((speed, accuracy))
                out = subprocess.run([bench, model_path, file.name], check=True, capture_output=True, text=True)
                for line in out.stdout.splitlines():
                    result = json.loads(line)
                    ways.setdefault("aludel " + result["way"], []).append(
                        (result["megabytes_per_processor_second"], result.get("accuracy")))
        size = sum(len(row["text"].encode()) for row in rows)
        print(f"{os.path.basename(path)}: {len(rows)} documents of {size / len(rows):.0f} bytes")
        for way, results in ways.items():
            accuracy = results[0][1]
            print(f"  {way:18} {statistics.median(r[0] for r in results):8.1f} MB/s"
                  + (f"  accuracy {accuracy:.4f}" if accuracy is not None else ""))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
