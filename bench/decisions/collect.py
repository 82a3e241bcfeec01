"""The pages of the second, third and fourth sample, from checkouts of the repositories that the labels name.

usage: python3 bench/decisions/collect.py REPOSITORIES OUT
REPOSITORIES has a checkout of each, under its name without the owner: git clone https://github.com/OWNER/NAME, then git checkout
COMMIT, as in SAMPLES below. OUT gets second/, third/ and fourth/ for --pages of measure.py: a folder for each repository, the archive
beside them. A page is there once, named by its hash, and not again where the shared data or an earlier sample has it.
"""
import gzip
import os
import re
import sys
import tempfile

from measure import digest, unpack

SAMPLES = {  # owner/name: (commit, which files are its pages)
    "second": {
        "adbar/trafilatura": ("e90b0ef5", r"tests/(eval|cache)/.*\.html?"),
        "scrapinghub/article-extraction-benchmark": ("4a3bc979", r"html/.*\.html\.gz"),
        "mozilla/readability": ("ab4027a8", r"test/test-pages/.*/source\.html"),
        "GeneralNewsExtractor/GeneralNewsExtractor": ("3d5a67c", r".*\.html"),
        "ccprocessor/llm-webkit-mirror": ("dac1a9e4", r".*\.html"),
    },
    "third": {
        "postlight/parser": ("e8ba7ece", r".*\.html"),
        "goose3/goose3": ("c5a8902", r".*\.html"),
        "AndyTheFactory/newspaper4k": ("540bff3", r".*\.html"),
        "Gerapy/GerapyAutoExtractor": ("d65ddd0", r".*\.html"),
        "archivesunleashed/aut": ("57c9b5ed", r"src/test/resources/warc/example\.warc\.gz"),
    },
    "fourth": {
        "rundimeco/waddle": ("be875ce", r"corpora/Corpus_daniel_v2\.1/html/.*"),
        "codelucas/newspaper": ("1618b54", r".*\.html"),
        "adbar/htmldate": ("b895282", r"tests/.*\.html?"),
    },
}


def files_of(folder, pattern):
    """The bytes of the files whose path matches."""
    for root, _, names in sorted(os.walk(folder)):
        for path in (os.path.join(root, name) for name in sorted(names)):
            if re.fullmatch(pattern, os.path.relpath(path, folder)):
                with (gzip.open if path.endswith(".html.gz") else open)(path, "rb") as file:
                    yield file.read()


def main():
    repositories, out = sys.argv[1:]
    with tempfile.TemporaryDirectory() as work:
        seen = {digest(page) for page in files_of(unpack(work), r".*\.html?")}
    for sample, parts in SAMPLES.items():
        for repository, (_, pattern) in parts.items():
            name = repository.split("/")[1]
            pages = {digest(page): page for page in files_of(os.path.join(repositories, name), pattern)}
            new = pages.keys() - seen
            seen |= new
            for key in new:
                place = os.path.join(out, sample, f"{key}.warc.gz" if "warc" in pattern else f"{name}/{key}.html")
                os.makedirs(os.path.dirname(place), exist_ok=True)
                with open(place, "wb") as file:
                    file.write(pages[key])
            print(f"{sample}: {len(new)} from {repository}")


if __name__ == "__main__":
    main()
