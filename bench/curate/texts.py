"""The texts of documents in JSON lines, for the comparisons of this folder."""
import gzip
import json
import subprocess


def open_lines(path):
    if path.endswith(".zst"):
        return subprocess.run(["zstdcat", path], capture_output=True, check=True).stdout.decode("utf-8").split("\n")
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", newline="\n") as lines:
        return lines.read().split("\n")


def read_texts(paths):
    """Every "text" that is not blank, in order."""
    texts = []
    for path in paths:
        texts += [json.loads(line)["text"] for line in open_lines(path) if line.strip()]
    return [text for text in texts if text.strip()]
