"""Would a reader agree with what preset `web` keeps and drops? The verdicts of two readers on the pages of the shared data, beside
those of a run made here.

The labels (labels.jsonl) hold hashes and verdicts, never a text: of a page in a file the hash of its bytes, of one in a web archive
that of its address, of a JSON line that of its text. Drops of the layers that compare documents (paragraph_dedup, minhash_dedup,
exact_dedup, semantic but for its poor clusters) are left out: no reader of one text can judge them. Where the readers differ a document counts as half wrong.
GUIDELINE.md is what the readers were told. labels.jsonl is of the shared data; second.jsonl, third.jsonl and fourth.jsonl are of pages
in public repositories, named there: --pages names a folder with folders of their HTML files, and their archives; collect.py makes it.
usage: python3 bench/decisions/measure.py ALUDEL [--models FOLDER] [--work FOLDER] [--set LAYER.SETTING=VALUE]...
       python3 bench/decisions/measure.py ALUDEL --labels bench/decisions/third.jsonl --pages FOLDER
       (ALUDEL_SHARED_DATA names another folder of data)
Without --models a quality model is made of DCLM's 292 labelled pages, lid.176.ftz lies beside it, `safety` judges by its phrases
alone, `perplexity` and `topic` are off, as in docs/decisions.md; otherwise FOLDER holds what the layers read (`aludel models build`).
"""
import argparse
import collections
import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("ALUDEL_SHARED_DATA") or os.path.join(HERE, "..", "..", "..", "shared", "data")
PAGE_SETS = ["web/html-gold/article-extraction-half.tar.zst", "web/html-gold/trafilatura-eval-half.tar.zst",
             "web/html-gold/llm-webkit-bench-a.tar.gz", "web/html-gold/readability-a.tar.gz", "web/zh-pages-raw-a.tar.gz"]
ARCHIVES = ["web/warc/cc2020-16pages-zh.warc.gz", "web/warc/dolma-sample-0000.warc.gz", "web/warc/whirlwind.warc.gz"]
LINES = ["text/en/c4_demo.jsonl", "text/en/cc_en_head-0091.jsonl.gz"]
PREFIX = "https://pages.example/"
COMPARING = {"paragraph_dedup", "minhash_dedup", "exact_dedup", "semantic"}
WITHOUT_MODELS = ["perplexity=off", "topic=off", "safety.lexicon_only=true"]
JUDGED_ALONE = {"low_quality_cluster"}  # a reason of those layers that says something of the text itself


def digest(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()[:16]


def shared(path):
    place = os.path.join(SHARED, path)
    if not os.path.exists(place):
        sys.exit(f"no data at {place} (ALUDEL_SHARED_DATA names another folder)")
    return place


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr[-2000:])
    return done.stdout


def make_models(aludel, work):
    """A folder with the models of docs/decisions.md: how good a page is by DCLM's labels, and fastText's languages."""
    models = os.path.join(work, "models")
    os.makedirs(models)
    shutil.copyfile(shared("models/lid.176.ftz"), os.path.join(models, "lid.176.ftz"))
    rows = os.path.join(work, "labelled.jsonl")
    with open(shared("quality/dclm_human_quality_a.jsonl")) as lines, open(rows, "w") as file:
        for row in map(json.loads, lines):
            file.write(json.dumps({"text": row["text"], "label": "good" if row["label"] == 1 else "bad"}) + "\n")
    run(aludel, "classifier", "train", rows, "--model", os.path.join(models, "quality.classifier"), "--settings.calibration-folds", "10")
    return models


def unpack(work):
    """A folder with the page sets of the shared data."""
    pages = os.path.join(work, "pages")
    for name in PAGE_SETS:
        target = os.path.join(pages, os.path.basename(name).split(".")[0])
        os.makedirs(target)
        path = shared(name)
        if path.endswith(".zst"):
            path = os.path.join(work, "set.tar")
            with open(path, "wb") as file:
                subprocess.run(["zstdcat", shared(name)], stdout=file, check=True)
        with tarfile.open(path) as archive:
            archive.extractall(target, filter="data")
    return pages


def page_hashes(aludel, pages, work):
    """An archive of the folder's pages, and the hash of each page by its address there."""
    archive = os.path.join(work, "crawl", "pages.warc.gz")
    os.makedirs(os.path.dirname(archive))
    folders = sorted(entry.path for entry in os.scandir(pages) if entry.is_dir())
    run(aludel, "archive", "--date", "2026-01-01T00:00:00Z", "--html-only", "--out", archive, "--url-prefix", PREFIX, *folders)
    hashes = {}
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(root, name)
                with open(path, "rb") as file:
                    hashes[os.path.relpath(path, pages)] = digest(file.read())
    return archive, hashes


def archives_of(folder):
    return sorted(entry.path for entry in os.scandir(folder) if entry.name.endswith((".warc.gz", ".arc.gz")))


def documents(folder):
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            if not name.endswith(".jsonl.zst") or os.path.basename(root) not in ("kept", "rejects") and "/kept" not in root and "/rejects" not in root:
                continue
            text = subprocess.run(["zstdcat", os.path.join(root, name)], capture_output=True, check=True).stdout.decode()
            for line in text.split("\n"):
                if line:
                    yield json.loads(line)


def decide(options, work):
    """(layer or "kept", reason, source, language) by hash, of a run of the preset."""
    models = os.path.abspath(options.models) if options.models else make_models(options.aludel, work)
    changes = options.set if options.models else WITHOUT_MODELS + options.set
    pages = options.pages or unpack(work)
    archive, hashes = page_hashes(options.aludel, pages, work)
    archives = archives_of(pages) if options.pages else [shared(path) for path in ARCHIVES]
    lines = [] if options.pages else [shared(path) for path in LINES]
    config = [f'preset = "web"\nout = "{work}/run"\nmodels = "{models}"\n']
    for name, kind, paths in (("pages", "web", [archive]), ("archives", "web", archives), ("lines", "open", lines)):
        if not paths:
            continue
        config.append(f'[[sources]]\nname = "{name}"\nkind = "{kind}"\npath = {json.dumps(paths)}\n')
    path = os.path.join(work, "run.toml")
    with open(path, "w") as file:
        file.write("".join(config))
    settings = [word for value in changes for word in ("--set", f"layers.{value}")]
    run(options.aludel, "curate", path, *settings)
    rows = {}
    for path in lines:
        opened = subprocess.run(["zcat", "-f", path], capture_output=True, check=True).stdout.decode()
        for line in opened.split("\n"):
            if line:
                text = json.loads(line)["text"]
                rows[digest(" ".join(text.split())[:200])] = digest(text)
    found = {}
    for document in documents(os.path.join(work, "run")):
        if document["id"].endswith("#cut"):
            continue
        if document["source"] == "pages":
            key = hashes.get(urllib.parse.unquote(document["url"][len(PREFIX):]))
        elif document["source"] == "archives":
            key = digest(document["url"])
        else:
            key = rows.get(digest(" ".join(document["text"].split())[:200]))
        if key:
            found[key] = (document.get("rejected_by") or "kept", document.get("reason") or "", document["source"], document.get("language"))
    return found


def wilson(wrong, count, z=1.96):
    if count == 0:
        return 0.0, 1.0
    p = wrong / count
    middle = (p + z * z / 2 / count) / (1 + z * z / count)
    half = z * math.sqrt(p * (1 - p) / count + z * z / 4 / count / count) / (1 + z * z / count)
    return middle - half, middle + half


def say(name, wrongs):
    low, high = wilson(sum(wrongs), len(wrongs))
    share = sum(wrongs) / len(wrongs) if wrongs else 0
    print(f"  {name:44} {sum(wrongs):6.1f} of {len(wrongs):4}  {share:.3f} [{low:.3f}, {high:.3f}]")


def fell_as_copy(decision):
    return decision[0] in COMPARING and decision[1] not in JUDGED_ALONE


def report(title, keys, labels, found):
    print(title)
    keep = {key: (labels[key]["a"] + labels[key]["b"]) / 2 for key in keys}
    dropped = [key for key in keys if found[key][0] != "kept" and not fell_as_copy(found[key]) and found[key][:2] != ("language", "language")]
    kept = [key for key in keys if found[key][0] == "kept"]
    say("wrong drops: a reader would keep", [keep[k] for k in dropped])
    say("wrong keeps: a reader would drop", [1 - keep[k] for k in kept])
    say("wrong keeps of pages, archives' too", [1 - keep[k] for k in kept if found[k][2] != "lines"])
    for source in ("pages", "archives", "lines"):
        say(f"wrong drops, {source}", [keep[k] for k in dropped if found[k][2] == source])
        say(f"wrong keeps, {source}", [1 - keep[k] for k in kept if found[k][2] == source])
    for language in ("en", "zh"):
        say(f"wrong drops, {language}", [keep[k] for k in dropped if found[k][3] == language])
        say(f"wrong keeps, {language}", [1 - keep[k] for k in kept if found[k][3] == language and found[k][2] != "lines"])
    groups = collections.defaultdict(list)
    for key in dropped:
        groups[found[key][0], ""].append(keep[key])
        groups[found[key][:2]].append(keep[key])
    for (layer, reason), values in sorted(groups.items()):
        say(f"{layer} {reason}", values)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("aludel")
    parser.add_argument("--models")
    parser.add_argument("--work")
    parser.add_argument("--pages")
    parser.add_argument("--labels", default=os.path.join(HERE, "labels.jsonl"))
    parser.add_argument("--set", action="append", default=[])
    options = parser.parse_args()
    with open(options.labels) as lines:
        labels = {row["key"]: row for row in map(json.loads, lines)}
    same = sum(row["a"] == row["b"] for row in labels.values()) / len(labels)
    a, b = (sum(row[reader] for row in labels.values()) / len(labels) for reader in "ab")
    chance = a * b + (1 - a) * (1 - b)
    print(f"{len(labels)} documents read twice: the readers agree on {same:.3f}, kappa {(same - chance) / (1 - chance):.3f}")
    with tempfile.TemporaryDirectory() as folder:
        found = decide(options, options.work or folder)
    keys = [key for key in labels if key in found]
    print(f"{len(keys)} of them are in the run, {sum(fell_as_copy(found[k]) for k in keys)} fell as copies")
    for half in (0, 1):
        report(f"half {half}:",
               [k for k in keys if int(digest('half' + k), 16) % 2 == half], labels, found)
    report("both:", keys, labels, found)


if __name__ == "__main__":
    main()
