"""How many planted evaluation items `aludel decontaminate` finds after the edits that texts of the web carry, and how many clean
texts it takes for planted ones.

PyPI: opencc-python-reimplemented (traditional characters). Items: GSM8K, OpenBookQA and contexts of XQuAD-zh of the shared data
(ALUDEL_SHARED_DATA names another folder), each put into the middle of another text. Clean texts: --clean FILE.jsonl.
usage: python3 bench/curate/contamination.py [--aludel build/release/aludel] [--items 120] --clean FILE.jsonl...
"""
import argparse
import gzip
import html
import json
import os
import random
import re
import subprocess
import tempfile

import opencc

from texts import read_texts

FOLDER = os.environ.get("ALUDEL_SHARED_DATA") or os.path.join(os.path.dirname(__file__), "..", "..", "..", "shared", "data")


def rows(name):
    with open(os.path.join(FOLDER, "eval", name), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def items(count):
    """(English, Chinese) texts of items."""
    english = [row["question"] for row in rows("gsm8k_test.jsonl")[:count]]
    english += [row["query"] for row in rows("openbook_qa.jsonl") if len(row["query"].split()) >= 13][:count]
    with gzip.open(os.path.join(FOLDER, "eval", "xquad-zh.json.gz"), "rt", encoding="utf-8") as file:
        chinese = [p["context"] for article in json.load(file)["data"] for p in article["paragraphs"]][:count]
    return english, chinese


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def every_other(text, mark):
    """The mark inside each longer word, or between letters of Chinese."""
    if re.search(r"[\u4e00-\u9fff]", text):
        return mark.join(text[i: i + 5] for i in range(0, len(text), 5))
    return re.sub(r"\b(\w{3})(\w{3,})", r"\1" + mark + r"\2", text)


TRADITIONAL = opencc.OpenCC("s2t")
EDITS = {
    "none": lambda t: t,
    "case": str.upper,
    "no punctuation": lambda t: re.sub(r"[^\w\s]", "", t),
    "line breaks": lambda t: t.replace(" ", "\n"),
    "full width": full_width,
    "&nbsp;": lambda t: t.replace(" ", "&nbsp;"),
    "U+00A0": lambda t: t.replace(" ", "\u00a0"),
    "zero width": lambda t: every_other(t, "\u200b"),
    "soft hyphens": lambda t: every_other(t, "\u00ad"),
    "HTML entities": lambda t: html.escape(t).replace("e", "&#101;"),
    "tags": lambda t: re.sub(r"\b(\w+)\b", lambda m: f"<b>{m.group(1)}</b>" if len(m.group(1)) % 3 == 0 else m.group(1), t),
    "traditional": TRADITIONAL.convert,
}


def found(aludel, index, texts, folder):
    path = os.path.join(folder, "documents.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for i, text in enumerate(texts):
            file.write(json.dumps({"id": str(i), "text": text}) + "\n")
    done = subprocess.run([aludel, "decontaminate", "find", path, "--index", index], capture_output=True, text=True, check=True)
    return {json.loads(line)["id"] for line in done.stdout.split("\n") if line}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--aludel", default="build/release/aludel")
    parser.add_argument("--items", type=int, default=120)
    parser.add_argument("--clean", nargs="+", required=True)
    options = parser.parse_args()
    english, chinese = items(options.items)
    clean = [text for text in read_texts(options.clean) if len(text) > 400]
    pick = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        sets = os.path.join(folder, "items.jsonl")
        with open(sets, "w", encoding="utf-8") as file:
            for text in english + chinese:
                file.write(json.dumps({"text": text}) + "\n")
        index = os.path.join(folder, "items.index")
        subprocess.run([options.aludel, "decontaminate", "build", sets, "--index", index], check=True, capture_output=True)
        for name, edit in EDITS.items():
            for language, texts in (("en", english), ("zh", chinese)):
                planted = []
                for text in texts:
                    around = pick.choice(clean)
                    planted.append(around[:200] + "\n" + edit(text) + "\n" + around[200:400])
                hits = found(options.aludel, index, planted, folder)
                print(json.dumps({"bench": "curate/contamination", "edit": name, "language": language, "items": len(texts),
                                  "recall": round(len(hits) / len(texts), 3)}), flush=True)
        hits = found(options.aludel, index, clean, folder)
        print(json.dumps({"bench": "curate/contamination", "clean": len(clean), "found": len(hits)}))


if __name__ == "__main__":
    main()
