"""The words that compat datatrove counts beside spaCy's English tokenizer, which datatrove uses.

PyPI: spacy. First all of spaCy's exceptions, alone; then the distinct runs without white space of the documents ({"text": ...}
a line), weighed by how often they occur. One JSON line per result; what is cut otherwise follows, most frequent first.
usage: python3 bench/curate/words.py [--bench build/release/words_bench] [--show 20] FILE.jsonl[.gz|.zst]...
"""
import argparse
import collections
import json
import subprocess

import spacy

from texts import read_texts


def ours(bench, chunks):
    lines = "".join(json.dumps(chunk) + "\n" for chunk in chunks)
    done = subprocess.run([bench], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", default="build/release/words_bench")
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    tokenizer = spacy.blank("en").tokenizer

    def compare(name, counts):
        chunks = list(counts)
        mine = ours(options.bench, chunks)
        other = []
        for chunk, words in zip(chunks, mine):
            theirs = [t.text for t in tokenizer(chunk) if not t.is_space]
            if theirs != words:
                other.append((counts[chunk], chunk, theirs, words))
        total = sum(counts.values())
        print(json.dumps({
            "bench": "curate/words", "set": name, "spacy": spacy.__version__, "distinct": len(chunks), "cut_otherwise": len(other),
            "equal_by_occurrence": round(1 - sum(o[0] for o in other) / max(total, 1), 6),
            "empty_pieces": sum("" in words for words in mine),
        }))
        for count, chunk, theirs, words in sorted(other, reverse=True)[: options.show]:
            print(json.dumps({"count": count, "chunk": chunk, "spacy": theirs, "ours": words}, ensure_ascii=False))

    compare("exceptions", collections.Counter({k: 1 for k in tokenizer.rules if k.split() == [k]}))
    if options.files:
        counts = collections.Counter()
        for text in read_texts(options.files):
            counts.update(text.split())
        compare("chunks", counts)


if __name__ == "__main__":
    main()
