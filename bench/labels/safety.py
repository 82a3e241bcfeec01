"""Layers `safety` and `topic` on text that people labelled: builds the models, then measures them on
what did not teach them.

usage: safety.py ALUDEL [--out DIR]
  taught by: four fifths of COLD's train part and of the two spam sets, and the topic texts
  measured on: COLD's dev part, the fifth of the spam sets, XSTest's prompts, the Chinese word lists,
  and pages that nobody called unsafe (DCLM's human labels, C4, Wikipedia)
COLD's labels (offensive or not: race, region, gender) teach `discrimination`. Spam teaches
`illegal_activities` and the topic `ads`: its label says "spam", not "crime", so read that class's
numbers as being of black-market and fraudulent offers. No set labels the twelve other classes.
"""

import argparse
import collections
import hashlib
import json
import os
import re
import tarfile
import tempfile

import sets

CLASSES = [
    "environmental_disharmony", "superstition", "religious_sensitivities", "discrimination", "substance_abuse",
    "violence", "illegal_activities", "hate_speech", "ethical_violations", "privacy_breaches", "self_harm",
    "sexually_explicit", "mental_health", "cybersecurity",
]
# Lists of the Chinese lexicon whose title is a class of ours.
LISTS = {"色情词库": "sexually_explicit", "色情类型": "sexually_explicit", "涉枪涉爆": "violence",
         "贪腐词库": "ethical_violations", "非法网址": "illegal_activities"}


def is_held_out(text, share=0.2):
    """By the text without digits and Latin letters, so that copies with another number stay together."""
    key = re.sub(r"[\s\dA-Za-z@_./:+-]", "", text) or text
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") < share * 2**32


def split(rows):
    return [r for r in rows if not is_held_out(r["text"])], [r for r in rows if is_held_out(r["text"])]


def with_label(rows, names):
    return [{"id": f"{i}", "text": r["text"], "label": names[r["label"]]} for i, r in enumerate(rows)]


def reference(place, roles, language, people=True):
    return (f'[[reference]]\npath = ["{place}"]\nroles = {json.dumps(roles)}\nlanguage = "{language}"\n'
            f'labelled_by = "{"people" if people else "program"}"\n')


def build(aludel, folder, settings):
    """Writes references and config, and builds the models; returns the sets that measure."""
    chat, chat_test = split(sets.telegram())
    mail, mail_test = split(sets.spamassassin())
    cold = sets.cold("train")
    topics = [{"text": row["text"], "label": label} for row in sets.topic("train") for label in row["labels"]]
    both = {"illegal_activities": "illegal_activities", "safe": "safe"}
    ads = {"illegal_activities": "ads", "safe": "conversation"}
    write = lambda name, rows: sets.write(rows, os.path.join(folder, name + ".jsonl"))
    config = f"passage_words = 200\nheld_out = 0.1\n{settings}\n"
    config += reference(write("cold", cold), ["safety:*"], "zh")
    config += reference(write("chat", with_label(chat, both)), ["safety:*"], "zh")
    config += reference(write("mail", with_label(mail, both)), ["safety:*"], "en")
    config += reference(write("chat_topics", with_label(chat, ads)), ["topic:*"], "zh")
    config += reference(write("mail_topics", with_label(mail, ads)), ["topic:*"], "en")
    config += reference(write("topics", topics), ["topic:*"], "en", people=False)
    config += reference(write("harmless", [{"text": row["text"]} for row in sets.topic("train")]),
                        ["safety:safe"], "en", people=False)
    place = os.path.join(folder, "models.toml")
    with open(place, "w") as file:
        file.write(config)
    cards = json.loads(sets.run(aludel, "models", "build", place, "--out", folder, "--json"))
    return cards, {"COLD dev": sets.cold("dev"), "zh-telegram-spam, a fifth": chat_test,
                   "spamassassin, a fifth": mail_test}


def scores(aludel, rows, folder, more=()):
    """Of each text {class: (lexicon, model or None)}, by the layer itself with every class noted."""
    place = sets.write([{"id": str(i), "text": r["text"]} for i, r in enumerate(rows)], os.path.join(folder, "in.jsonl"))
    words = [aludel, "layer", "safety", "--models", folder, "--set", "threshold=0", "tag=" + json.dumps(CLASSES), *more]
    with open(place) as file:
        out = sets.run(*words, stdin=file)
    notes = [json.loads(line)["annotations"]["safety"]["classes"] for line in out.splitlines()]
    return [{c: (n[c]["lexicon"], n[c].get("model")) for c in n} for n in notes]


def decisions(flagged, positive):
    hits = sum(f and p for f, p in zip(flagged, positive))
    precision = f"{hits / sum(flagged):.3f}" if any(flagged) else "  -  "
    recall = f"{hits / sum(positive):.3f}" if any(positive) else "  -  "
    return f"precision {precision} recall {recall}"


def measure(title, rows, found, which):
    positive = [row["label"] == which for row in rows]
    model = [f[which][1] or 0 for f in found]
    lexicon = [f[which][0] for f in found]
    print(f"{title}: {which}, {sum(positive)} of {len(rows)}; model AUC {sets.area_under_curve(model, positive):.3f}")
    for threshold in (0.5, 0.8, 0.95):
        print(f"  model >= {threshold:4}: {decisions([m >= threshold for m in model], positive)}")
    print(f"  lexicon >= 0.5: {decisions([value >= 0.5 for value in lexicon], positive)}")


def show_cold_topics(rows, found):
    for topic in ("race", "region", "gender"):
        part = [(f["discrimination"][1], r["label"] != "safe") for r, f in zip(rows, found) if r["topic"] == topic]
        area = sets.area_under_curve([p[0] for p in part], [p[1] for p in part])
        flagged = decisions([p[0] >= 0.5 for p in part], [p[1] for p in part])
        print(f"  of {topic}: AUC {area:.3f}, model >= 0.5: {flagged}")


def show_clean(aludel, folder):
    """How much of what nobody called unsafe each limit would take."""
    clean = {"DCLM's pages": [{"text": r["text"]} for r in sets.quality()],
             "C4": [{"text": r["text"]} for r in sets.rows("text/en/c4_demo.jsonl")],
             "topic texts, dev": [{"text": r["text"]} for r in sets.topic("dev")]}
    with open(sets.path("text/en/wiki_demo.txt")) as file:
        wiki = file.read()
    clean["Wikipedia"] = [{"text": wiki[i : i + 3000]} for i in range(0, len(wiki), 3000)]
    for title, rows in clean.items():
        found = scores(aludel, rows, folder)
        parts = []
        for limit in (0.5, 0.8, 0.95):
            share = {c: sum((f[c][1] or 0) >= limit for f in found) / len(found) for c in CLASSES}
            parts.append(", ".join(f"{c} {100 * s:.1f} %" for c, s in share.items() if s > 0) or "none")
        lexicon = collections.Counter(c for f in found for c in CLASSES if f[c][0] >= 0.5)
        print(f"{title} ({len(rows)}): model >= .5: {parts[0]}; >= .8: {parts[1]}; >= .95: {parts[2]}; "
              f"lexicon: {dict(lexicon) or 'none'}")


def show_xstest(aludel, folder):
    prompts = sets.xstest()
    found = scores(aludel, prompts, folder)
    flagged = [[c for c in CLASSES if f[c][0] >= 0.5 or (f[c][1] or 0) >= 0.95] for f in found]
    for label in ("safe", "unsafe"):
        of_label = [f for p, f in zip(prompts, flagged) if p["label"] == label]
        by_class = collections.Counter(c for f in of_label for c in f)
        print(f"XSTest, {label}: {sum(map(bool, of_label))} of {len(of_label)} flagged; {dict(by_class)}")


def show_lists(aludel, folder):
    """How much of the Chinese word lists the lexicon knows, a phrase as a text of its own."""
    with tarfile.open(sets.path("safety/zh-sensitive-lexicon.tar.gz")) as archive:
        for name, which in LISTS.items():
            lines = archive.extractfile(name + ".txt").read().decode("utf-8", "replace").split("\n")
            rows = [{"text": phrase} for phrase in sorted({line.strip().rstrip(",") for line in lines}) if phrase]
            found = scores(aludel, rows, folder, ["lexicon_only=true"])
            known = sum(f[which][0] > 0 for f in found)
            print(f"{name}: {known} of {len(rows)} phrases hold one of ours of class {which}")


def show_topics(aludel, folder, rows):
    """The topic `ads` on what did not teach it."""
    model = os.path.join(folder, "topic.classifier")
    place = sets.write([{"text": r["text"]} for r in rows], os.path.join(folder, "ads.jsonl"))
    out = [json.loads(line) for line in sets.run(aludel, "classifier", "apply", place, "--model", model).splitlines()]
    positive = [row["label"] == "illegal_activities" for row in rows]
    flagged = [o["label"] == "ads" and o["probabilities"]["ads"] >= 0.5 for o in out]
    return decisions(flagged, positive)


def show_down_sampling(aludel, folder, rows):
    """Layer `topic` itself: which part of what it calls ads stays, by seed."""
    place = sets.write([{"id": str(i), "text": r["text"]} for i, r in enumerate(rows)], os.path.join(folder, "in.jsonl"))
    kept = []
    for seed in (1, 1, 2):
        with open(place) as file:
            out = sets.run(aludel, "layer", "topic", "--models", folder, "--seed", seed, stdin=file)
        documents = [json.loads(line) for line in out.splitlines()]
        ads = [d for d in documents if "sampled" in d["annotations"]["topic"]]
        kept.append({d["id"] for d in ads if "rejected_by" not in d})
    print(f"layer topic, keep_rate 0.1: of {len(ads)} texts called ads {len(kept[0])} stay with seed 1, "
          f"{len(kept[2])} with seed 2, {len(kept[0] & kept[2])} with both; twice the same with seed 1: {kept[0] == kept[1]}")


def show_added_lists(aludel, folder, tests):
    """The Chinese lists as further lists of the layer: what they take of text that people called harmless."""
    words = []
    with tarfile.open(sets.path("safety/zh-sensitive-lexicon.tar.gz")) as archive:
        for name, which in LISTS.items():
            place = os.path.join(folder, which + name + ".txt")
            lines = archive.extractfile(name + ".txt").read().decode("utf-8", "replace").split("\n")
            phrases = sorted({line.strip().rstrip(",") for line in lines} - {""})
            with open(place, "w") as file:
                file.writelines(f"3 {phrase}\n" for phrase in phrases)
            words.append(f"{which}={place}")
    for title, rows in tests.items():
        found = scores(aludel, rows, folder, ["lexicon_only=true", "lists=" + json.dumps(words)])
        safe = [any(f[c][0] >= 0.5 for c in CLASSES) for f, r in zip(found, rows) if r["label"] == "safe"]
        unsafe = [any(f[c][0] >= 0.5 for c in CLASSES) for f, r in zip(found, rows) if r["label"] != "safe"]
        print(f"{title}, with the Chinese lists added: {sum(unsafe)} of {len(unsafe)} unsafe texts flagged, "
              f"{sum(safe)} of {len(safe)} safe ones")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("aludel")
    parser.add_argument("--out", help="keep the models here")
    parser.add_argument("--settings", default="", help="lines for the models' config")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.out or scratch
        os.makedirs(folder, exist_ok=True)
        cards, tests = build(options.aludel, folder, options.settings)
        for card in cards:
            if "classes" in card:
                for name, note in card["classes"].items():
                    print(f"card: {name}: {json.dumps(note)}")
        for title, rows in tests.items():
            found = scores(options.aludel, rows, folder)
            measure(title, rows, found, "discrimination" if title.startswith("COLD") else "illegal_activities")
            if title.startswith("COLD"):
                show_cold_topics(rows, found)
            else:
                print(f"  topic ads: {show_topics(options.aludel, folder, rows)}")
        show_clean(options.aludel, folder)
        show_xstest(options.aludel, folder)
        show_lists(options.aludel, folder)
        show_added_lists(options.aludel, folder, {title: rows for title, rows in tests.items() if "spamassassin" not in title})
        show_down_sampling(options.aludel, folder, tests["zh-telegram-spam, a fifth"])


if __name__ == "__main__":
    main()
