"""Metadata of pages beside its peers: title, author, date, site name and language.

usage: metadata.py PROGRAM READABILITY_DIR PAGES_DIR
PROGRAM is aludel. READABILITY_DIR has one folder a page with source.html and
expected-metadata.json; PAGES_DIR has html/. Prints JSON lines: of the pages whose expectation has a
field, the share with the same value, of Aludel and of trafilatura; then, on PAGES_DIR, where
trafilatura finds a field, the share of pages on which both agree. Needs trafilatura from PyPI.
"""
import json
import pathlib
import re
import subprocess
import sys

import trafilatura

FIELDS = ("title", "author", "date", "site_name", "language")
EXPECTED = {"title": "title", "author": "byline", "date": "publishedTime", "site_name": "siteName",
            "language": "lang"}


def ours(program, files):
    lines = subprocess.run([program, "extract", "--jsonl", *map(str, files)], capture_output=True,
                           check=False, text=True).stdout.splitlines()
    rows = {row["url"]: row for row in map(json.loads, lines)}
    return [rows.get(str(file), {}).get("metadata", {}) for file in files]


def theirs(file):
    try:
        found = trafilatura.extract_metadata(file.read_bytes())
    except Exception:  # a page that a peer cannot read has no metadata
        return {}
    if found is None:
        return {}
    return {"title": found.title, "author": found.author, "date": found.date,
            "site_name": found.sitename, "language": found.language}


def letters(text):
    return re.sub(r"\W+", "", text or "").lower()


def names(text):
    words = re.findall(r"\w+", (text or "").lower())
    return {word for word in words if word not in ("by", "von", "par", "and", "und")}


def same(field, found, wanted):
    if not found:
        return False
    if field == "date":
        return found[:10] == wanted[:10]
    if field == "language":
        return found[:2].lower() == wanted[:2].lower()
    if field == "author":
        a, b = names(found), names(wanted)
        return len(a & b) * 2 > max(1, min(len(a), len(b)))
    a, b = letters(found), letters(wanted)
    return a == b or (field == "title" and bool(a) and (a in b or b in a))


def report(what, pairs):
    for field in FIELDS:
        stated = [(found.get(field), wanted[field]) for found, wanted in pairs if wanted.get(field)]
        right = sum(same(field, found, wanted) for found, wanted in stated)
        print(json.dumps(what | {"field": field, "stated": len(stated), "right": right,
                                 "share": round(right / max(1, len(stated)), 3)}))


def main():
    program, readability, pages = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    files = sorted(readability.glob("*/source.html"))
    expected = [json.loads((file.parent / "expected-metadata.json").read_text()) for file in files]
    wanted = [{field: page.get(name) for field, name in EXPECTED.items()} for page in expected]
    report({"on": "expected", "who": "aludel"}, list(zip(ours(program, files), wanted)))
    report({"on": "expected", "who": "trafilatura"}, list(zip(map(theirs, files), wanted)))
    files = sorted((pages / "html").glob("*.html"))
    report({"on": "agreement", "who": "aludel"}, list(zip(ours(program, files), map(theirs, files))))


if __name__ == "__main__":
    main()
