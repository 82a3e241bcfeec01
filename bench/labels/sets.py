"""The labelled sets of the shared data as rows {"text", "label"}, and what all drivers here share.

Nothing of the sets is kept in the repository: every driver writes into a temporary folder.
"""

import csv
import gzip
import json
import os
import re
import subprocess
import sys
import tarfile

FOLDER = os.environ.get("ALUDEL_SHARED_DATA") or os.path.join(
    os.path.dirname(__file__), "..", "..", "..", "shared", "data"
)


def path(relative):
    place = os.path.join(FOLDER, relative)
    if not os.path.exists(place):
        sys.exit(f"no labelled data at {place} (ALUDEL_SHARED_DATA names another folder)")
    return place


def rows(relative):
    """Rows of a JSONL, JSONL.gz or CSV file."""
    place = path(relative)
    if place.endswith(".csv"):
        with open(place, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    with gzip.open(place, "rt") if place.endswith(".gz") else open(place) as file:
        return [json.loads(line) for line in file]


def quality():
    """Pages that people called good (1) or bad (0) for training a model on."""
    return [
        {"text": row["text"], "label": "good" if row["label"] == 1 else "bad", "unanimous": row["unanimous"]}
        for row in rows("quality/dclm_human_quality_a.jsonl")
    ]


def topic(part):
    """Short texts with one to three topics each; written by a model that was told the topics."""
    return [
        {"text": row["text"], "labels": row["metadata"]["topics"].split(",")}
        for row in rows(f"quality/topic_{part}.jsonl.gz")
    ]


def cold(part):
    """Chinese comments on race, region and gender that people called offensive or not."""
    return [
        {"text": row["TEXT"], "label": "discrimination" if row["label"] == "1" else "safe", "topic": row["topic"]}
        for row in rows(f"safety/COLD/{part}.csv")
    ]


def telegram():
    """Chinese chat: advertisements of black markets, gambling and escorts against other messages."""
    return [
        {"text": row["input"], "label": "illegal_activities" if row["target"] == "1" else "safe"}
        for row in rows("safety/zh-telegram-spam/train.csv")
    ]


def spamassassin():
    """English mail: unsolicited offers and frauds against other mail; the bodies alone."""
    mails = []
    with tarfile.open(path("safety/spamassassin-a.tar.gz")) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            if not member.isfile() or not member.name.endswith(".txt"):
                continue
            mail = archive.extractfile(member).read().decode("utf-8", "replace")
            body = mail.replace("\r", "").partition("\n\n")[2]
            body = re.sub(r"<[^>]*>|=\n|&nbsp;", " ", body)
            label = "illegal_activities" if member.name.startswith("spam") else "safe"
            mails.append({"text": body, "label": label})
    return mails


def xstest():
    """Prompts that only sound unsafe, and their unsafe counterparts."""
    return [
        {"text": row["prompt"], "label": row["label"], "type": row["type"], "note": row["note"]}
        for row in rows("safety/xstest_prompts.csv")
    ]


def write(rows_, place):
    with open(place, "w") as file:
        for row in rows_:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return place


def run(*words, stdin=None):
    """Standard output of a command; ends the driver where the command fails."""
    done = subprocess.run([str(word) for word in words], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stderr.decode()}")
    return done.stdout.decode()


def area_under_curve(scores, positive):
    """How often a positive outscores a negative, ties counting half; NaN where a class is missing."""
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    wins = negatives = positives = 0
    i = 0
    while i < len(order):
        tied = [0, 0]
        score = scores[order[i]]
        while i < len(order) and scores[order[i]] == score:
            tied[bool(positive[order[i]])] += 1
            i += 1
        wins += tied[1] * (negatives + tied[0] / 2)
        negatives += tied[0]
        positives += tied[1]
    return wins / (positives * negatives) if positives and negatives else float("nan")


def one_line(text):
    """As fastText's library wants a text."""
    return " ".join(text.split())
