"""Main text beside whole article bodies: shared runs of four words, precision and recall averaged over pages, as
scrapinghub/article-extraction-benchmark counts.

usage: articles.py PROGRAM ARTICLES [--peer]
PROGRAM is aludel. ARTICLES has ground-truth.json ({id: {"articleBody": text}}) and html/ID.html, as web/html-gold/article-extraction-half
of the shared data. Prints a JSON line; with --peer also one of trafilatura (PyPI: trafilatura lxml_html_clean).
"""
import collections
import json
import pathlib
import re
import subprocess
import sys


def runs(text, n=4):
    words = re.findall(r"\w+", text)
    return collections.Counter(tuple(words[i:i + n]) for i in range(max(1, len(words) - n + 1))) if words else collections.Counter()


def score(truth, found):
    """(precision, recall) of a page."""
    a, b = runs(truth), runs(found)
    if not a and not b:
        return 1.0, 1.0
    shared = (a & b).total()
    return shared / max(b.total(), 1), shared / max(a.total(), 1)


def report(who, truth, texts):
    scores = [score(page["articleBody"], texts.get(name, "")) for name, page in truth.items()]
    precision, recall = (sum(values) / len(scores) for values in zip(*scores))
    print(json.dumps({"who": who, "pages": len(scores), "precision": round(precision, 4), "recall": round(recall, 4),
                      "f": round(2 * precision * recall / (precision + recall), 4)}))


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    truth = json.loads((folder / "ground-truth.json").read_text())
    files = [folder / "html" / f"{name}.html" for name in truth]
    lines = subprocess.run([program, "extract", "--jsonl", *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()
    report("aludel", truth, {pathlib.Path(row["url"]).stem: row["text"] for row in map(json.loads, lines)})
    if "--peer" in sys.argv:
        import trafilatura

        report(f"trafilatura {trafilatura.__version__}", truth, {file.stem: trafilatura.extract(file.read_bytes(), include_comments=False) or "" for file in files})


if __name__ == "__main__":
    main()
