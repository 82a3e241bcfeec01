"""Documents of many kinds for the comparisons of this folder: a JSON-lines file of {"text": ...} for each kind.

usage: python3 bench/curate/corpus.py OUT [--aludel build/release/aludel]   (ALUDEL_SHARED_DATA names another folder of data)
Of the shared data: pages.jsonl, its web pages as Aludel extracts them; english.jsonl, the English ones of these; plain.jsonl,
all with their menus (PyPI: resiliparse); c4, redpajama, labelled (DCLM's pages), wikipedia, mail. Of this machine: documentation and change logs of
/usr/share/doc and Python's library as code; another machine has others. Synthetic: shapes (bullets, capitals, counters, addresses).
"""
import argparse
import glob
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path += [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", folder) for folder in ("decisions", "labels")]
import measure  # noqa: E402
import sets  # noqa: E402

WORDS = "the a of and to in that page house river light water small old new market people year story reads goes stands".split()


def some(paths, count):
    """The texts of files, drawn by a seed."""
    paths = sorted(path for path in paths if os.path.isfile(path) and 500 < os.path.getsize(path) < 60_000)
    for path in sorted(random.Random(1).sample(paths, min(count, len(paths)))):
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            yield file.read().decode("utf-8", "replace")


def shapes(count):
    """Lines of random words in the shapes that rules of lines look at."""
    pick = random.Random(2)
    kinds = [lambda s: f"- {s}", str.upper, lambda s: f"{pick.randrange(999)} likes", lambda s: f"{s} https://example.com/{pick.randrange(99)}", str,
             lambda s: s + "...", lambda s: s.capitalize() + ".", lambda s: "Read more", lambda s: "See our privacy policy.", lambda s: s.title()]
    for _ in range(count):
        used = pick.sample(kinds, 3)
        yield "\n".join(pick.choice(used)(" ".join(pick.choices(WORDS, k=pick.randrange(2, 16)))) for _ in range(pick.randrange(5, 60)))


def english(aludel, texts):
    rows = "".join(json.dumps({"id": str(i), "text": text}) + "\n" for i, text in enumerate(texts))
    done = subprocess.run([aludel, "layer", "language", "--set", 'languages=["en"]'], input=rows, capture_output=True, text=True, check=True)
    judged = [json.loads(line) for line in done.stdout.splitlines()]
    return [row["text"] for row in judged if not row.get("rejected_by")]


def plain(pages):
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    for page in pages:
        with open(page, "rb") as file:
            data = file.read()
        yield extract_plain_text(bytes_to_str(data, detect_encoding(data)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--aludel", default="build/release/aludel")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)

    def write(kind, texts):
        rows = [{"text": text} for text in texts if text.strip()]
        sets.write(rows, os.path.join(options.out, f"{kind}.jsonl"))
        print(f"{len(rows):5} {kind}")

    with tempfile.TemporaryDirectory() as work:
        pages = sorted(glob.glob(measure.unpack(work) + "/**/*.htm*", recursive=True))
        done = subprocess.run([options.aludel, "extract", "--jsonl", *pages], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
        write("pages", texts)
        write("english", english(options.aludel, texts))
        write("plain", plain(pages))
    for kind, path in zip(("c4", "redpajama"), measure.LINES):
        write(kind, [row["text"] for row in sets.rows(path)])
    write("labelled", [page["text"] for page in sets.quality()])
    write("mail", [mail["text"] for mail in sets.spamassassin()])
    with open(measure.shared("text/en/wiki_demo.txt"), encoding="utf-8") as file:
        text = file.read()
    write("wikipedia", [text[at:at + 3500] for at in range(0, len(text), 3500)])
    write("documentation", some(glob.glob("/usr/share/doc/**/*", recursive=True), 900))
    write("code", some(glob.glob(os.path.dirname(json.__file__) + "/../**/*.py", recursive=True), 300))
    write("shapes", shapes(300))


if __name__ == "__main__":
    main()
