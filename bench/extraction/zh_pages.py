"""Collects the annotated Chinese pages: finds each by its hash in archives and folders.

usage: zh_pages.py OUT_DIR SOURCE...
SOURCE is a .warc.gz, a .tar.gz or a folder (searched for *.html). OUT_DIR gets html/ and
evaldata.json, the form that the other programs here read. The key of a page in zh_segments.json is
the first 16 hex digits of the SHA-256 of its body's bytes.
"""
import gzip
import hashlib
import json
import pathlib
import re
import sys
import tarfile

SEGMENTS = pathlib.Path(__file__).with_name("zh_segments.json")


def bodies_of_warc(path):
    data = gzip.open(path).read()  # members one after another
    at = 0
    while at < len(data):
        head_end = data.index(b"\r\n\r\n", at)
        head = data[at:head_end]
        size = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
        block = data[head_end + 4 : head_end + 4 + size]
        at = head_end + 4 + size
        while data[at : at + 2] == b"\r\n":
            at += 2
        if b"WARC-Type: response" in head:
            yield block.partition(b"\r\n\r\n")[2]


def bodies_of(path):
    if path.is_dir():
        for file in sorted(path.rglob("*.html")):
            yield file.read_bytes()
    elif path.name.endswith(".warc.gz"):
        yield from bodies_of_warc(path)
    else:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".html"):
                    yield archive.extractfile(member).read()


def main():
    out = pathlib.Path(sys.argv[1])
    (out / "html").mkdir(parents=True, exist_ok=True)
    segments = json.loads(SEGMENTS.read_text(encoding="utf-8"))
    found = {}
    for source in sys.argv[2:]:
        for body in bodies_of(pathlib.Path(source)):
            key = hashlib.sha256(body).hexdigest()[:16]
            if key in segments and key not in found:
                (out / "html" / f"{key}.html").write_bytes(body)
                found[key] = segments[key]
    data = {
        f"page://{key}.{row['source']}/": {
            "file": f"{key}.html",
            "with": row["with"],
            "without": row["without"],
        }
        for key, row in sorted(found.items())
    }
    (out / "evaldata.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    print(f"{len(found)} of {len(segments)} annotated pages found")


if __name__ == "__main__":
    main()
