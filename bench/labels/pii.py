"""Precision and recall of personal data by type, on three kinds of text.

usage: pii.py ALUDEL [--seed N] [--misses N]
  1. the labelled set safety/pii (Presidio's, English), in two halves by template. The second was set
     aside for mending, but both have stood in the tests' bar since before: neither is unseen
  2. rows of `aludel pii generate`, English and Chinese: synthetic, by the authors of the detectors
  3. with `pip install faker`: values of Faker, which is nobody of ours, in sentences below, English
     (of ten countries) and Chinese; where the package presidio-evaluator is installed, too, its
     templates filled anew
A value counts as found when a span of its kind overlaps it, a span as wrong when no value of any
kind that is labelled overlaps it. `exact` is the share of found values whose bounds are met as well.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import random
import re
import tempfile

import sets

KINDS = {
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip_address",
    "CREDIT_CARD": "bank_card",
    "PHONE_NUMBER": "phone",
}
ENGLISH = {
    "email": ["Please answer to {}.", "My address is {} and I read it daily."],
    "phone": ["Call me on {} after six.", "Phone: {}", "You can reach our mobile {} any time."],
    "ip_address": ["The login came from {} at night.", "Blocked client {} for an hour."],
    "bank_card": ["I paid with my card {} yesterday.", "Card number: {}"],
    "iban": ["Send the rent to {} please.", "IBAN: {}"],
    "passport": ["My passport number is {}.", "Passport no: {}, issued in May"],
    "licence_plate": ["The car with licence plate {} was parked there.", "License plate: {}"],
}
CHINESE = {
    "email": ["我的邮箱是{}，请查收。", "简历请发至{}。"],
    "phone": ["联系电话：{}", "请拨打{}预约。", "我的手机{}停机了。"],
    "ip_address": ["来自{}的登录被拒绝。", "服务器地址为{}。"],
    "bank_card": ["银行卡号：{}", "请把钱转到卡号{}。"],
    "resident_id": ["身份证号码：{}", "本人身份证{}，特此声明。"],
    "passport": ["护照号码：{}", "持护照{}入境。"],
    "licence_plate": ["车牌号：{}", "一辆{}的轿车停在门口。"],
}
LOCALES = ["en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "sv_SE", "pt_BR"]


def to_bytes(text, begin, end):
    return len(text[:begin].encode()), len(text[:end].encode())


def presidio():
    rows = []
    for row in json.load(
        open(sets.path("safety/pii/synth_dataset_v2.json"))
    ):
        text, spans = row["full_text"], []
        for span in row["spans"]:
            if span["entity_type"] in KINDS:
                begin, end = to_bytes(text, span["start_position"], span["end_position"])
                spans.append({"kind": KINDS[span["entity_type"]], "begin": begin, "end": end})
        digest = hashlib.sha256(f"template {row['template_id']}".encode()).digest()
        rows.append({"text": text, "spans": spans, "is_held_out": digest[0] % 2 == 1})
    return rows


def filled(frame, kind, value):
    text = frame.format(value)
    begin = len(frame.split("{}")[0].encode())
    return {"text": text, "spans": [{"kind": kind, "begin": begin, "end": begin + len(value.encode())}]}


def faker_values(faker, language):
    """One maker for each kind that Faker has; the resident ID of zh_CN has a right checksum."""
    makers = {
        "email": faker.ascii_email if language == "zh" else faker.email,
        "phone": faker.phone_number,
        "ip_address": faker.ipv4_public,
        "bank_card": faker.credit_card_number,
        "licence_plate": faker.license_plate,
        "iban": faker.iban,
    }
    if language == "zh":
        makers["resident_id"] = faker.ssn
    makers["passport"] = faker.passport_number
    return makers


def from_faker(language, count, seed):
    from faker import Faker

    frames = CHINESE if language == "zh" else ENGLISH
    pick = random.Random(seed)
    rows = []
    for locale in ["zh_CN"] if language == "zh" else LOCALES:
        faker = Faker(locale)
        faker.seed_instance(seed)
        makers = faker_values(faker, language)
        for kind in frames:
            for _ in range(count if language == "zh" else count // len(LOCALES)):
                try:
                    value = str(makers[kind]())
                except (AttributeError, NotImplementedError):
                    break  # the locale has none
                if kind == "email" and re.search(r"@example\.(com|org|net)$", value):
                    value = value.replace("example", pick.choice(["alder-mail", "northpost", "kestrelnet"]))
                rows.append(filled(pick.choice(frames[kind]), kind, value))
    return rows


def refilled_templates(count, seed):
    """Presidio's templates with values of Faker's; only those that hold a kind of ours."""
    from faker import Faker

    place = os.path.join(importlib.util.find_spec("presidio_evaluator").submodule_search_locations[0], "data_generator/raw_data/templates.txt")
    names = {"credit_card_number": "bank_card", "phone_number": "phone", "email": "email", "iban": "iban",
             "ip_address": "ip_address"}
    fakers = []
    for locale in LOCALES:
        fakers.append(Faker(locale))
        fakers[-1].seed_instance(seed)
    pick = random.Random(seed)
    templates = [line.strip() for line in open(place, errors="replace")]
    templates = [t for t in templates if any("{{" + name + "}}" in t for name in names)]
    rows = []
    for _ in range(count):
        faker = pick.choice(fakers)
        text, spans = "", []
        for part in re.split(r"(\{\{[a-z_]+\}\})", pick.choice(templates).replace("\\n", "\n")):
            if not part.startswith("{{"):
                text += part
                continue
            name = part[2:-2]
            maker = {"ip_address": "ipv4_public", "person": "name", "organization": "company"}.get(name, name)
            value = str(getattr(faker, maker)()) if hasattr(faker, maker) else "Alder"
            if name == "email":
                value = re.sub(r"@example\.(com|org|net)$", r"@kestrelnet.\1", value)
            if name in names:
                begin = len(text.encode())
                spans.append({"kind": names[name], "begin": begin, "end": begin + len(value.encode())})
            text += value
        rows.append({"text": text, "spans": spans})
    return rows


def overlap(a, b):
    return a["begin"] < b["end"] and b["begin"] < a["end"]


def measure(aludel, title, rows, misses):
    with tempfile.TemporaryDirectory() as folder:
        place = sets.write(rows, os.path.join(folder, "rows.jsonl"))
        found = [json.loads(line)["spans"] for line in sets.run(aludel, "pii", "find", place).splitlines()]
    tallies = {}
    shown = 0
    for row, spans in zip(rows, found):
        wrong = []
        for gold in row["spans"]:
            tally = tallies.setdefault(gold["kind"], [0, 0, 0, 0])
            same = [s for s in spans if s["kind"] == gold["kind"] and overlap(s, gold)]
            tally[0 if same else 1] += 1
            tally[3] += any((s["begin"], s["end"]) == (gold["begin"], gold["end"]) for s in same)
            if not same:
                wrong.append(f"missed {gold['kind']}")
        for span in spans:
            if not any(overlap(span, gold) for gold in row["spans"]):
                tallies.setdefault(span["kind"], [0, 0, 0, 0])[2] += 1
                wrong.append(f"invented {span['kind']} {span['value']}")
        if wrong and shown < misses:
            shown += 1
            print(f"    {'; '.join(wrong)} | {row['text'][:160]!r}")
    for kind, (hit, miss, invented, exact) in sorted(tallies.items()):
        recall = f"{hit / (hit + miss):.3f}" if hit + miss else "-"
        precision = f"{hit / (hit + invented):.3f}" if hit + invented else "-"
        print(f"{title:28} {kind:14} values {hit + miss:5} recall {recall} precision {precision} "
              f"exact {exact / max(1, hit):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("aludel")
    parser.add_argument("--seed", type=int, default=20251125)
    parser.add_argument("--misses", type=int, default=0, help="show so many wrong rows of each set")
    parser.add_argument("--count", type=int, default=400, help="rows of each kind from a generator")
    options = parser.parse_args()
    rows = presidio()
    for title, part in (("first half", [r for r in rows if not r["is_held_out"]]),
                        ("half set aside", [r for r in rows if r["is_held_out"]])):
        measure(options.aludel, f"presidio, {title}", part, options.misses)
    for language in ("en", "zh"):
        made = sets.run(options.aludel, "pii", "generate", "--language", language, "--seed", options.seed,
                        "--count", 15 * options.count)
        measure(options.aludel, f"synthetic {language}", [json.loads(line) for line in made.splitlines()],
                options.misses)
    if importlib.util.find_spec("faker") is None:
        print("no Faker: its values are not measured (pip install faker)")
        return
    for language in ("en", "zh"):
        measure(options.aludel, f"Faker {language}", from_faker(language, options.count, options.seed),
                options.misses)
    if importlib.util.find_spec("presidio_evaluator") is None:
        print("no presidio-evaluator: its templates are not filled anew")
        return
    measure(options.aludel, "Presidio's templates anew", refilled_templates(4 * options.count, options.seed),
            options.misses)


if __name__ == "__main__":
    main()
