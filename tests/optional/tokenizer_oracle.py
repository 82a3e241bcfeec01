#!/usr/bin/env python3
"""Compares a trained tokenizer with the programs that read its two files.

usage: tokenizer_oracle.py ALUDEL TOKENIZER_FOLDER TEXT_FILE...
needs: pip install sentencepiece tokenizers

Every line of the texts, and random mixtures of them, must get the same ids from `aludel tokenizer encode`, from
sentencepiece (tokenizer.model) and from Hugging Face tokenizers (tokenizer.json), and decode to the same text.
U+2581 is left out: we keep it as bytes, the others make a space of it (docs/formats/tokenizer.md).
"""
import json
import random
import subprocess
import sys

import sentencepiece
import tokenizers


def sample_texts(paths):
    lines = []
    for path in paths:
        with open(path, encoding="utf8", errors="replace") as file:
            lines += file.read().replace("\u2581", "").split("\n")
    chosen = random.Random(1)
    whole = "\n".join(lines)
    mixed = []
    for _ in range(500):
        parts = []
        for _ in range(chosen.randrange(1, 6)):
            at = chosen.randrange(len(whole))
            parts.append(whole[at : at + chosen.randrange(40)])
            parts.append(chosen.choice(["  ", "\n", "\t", "aaaaaaa", "123", "\U0001f600", "é", "\0", "<|im_end|", "    "]))
        mixed.append("".join(parts))
    return lines[:3000] + mixed


def main():
    program, folder, *paths = sys.argv[1:]
    texts = sample_texts(paths)
    rows = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    command = [program, "tokenizer", "encode", "--model", folder + "/tokenizer.model"]
    ours = [json.loads(line)["ids"] for line in subprocess.run(command, input=rows, capture_output=True, text=True, check=True).stdout.splitlines()]
    spm = sentencepiece.SentencePieceProcessor(model_file=folder + "/tokenizer.model")
    hf = tokenizers.Tokenizer.from_file(folder + "/tokenizer.json")
    assert len(ours) == len(texts) and spm.vocab_size() == hf.get_vocab_size()
    different = 0
    for text, ids in zip(texts, ours):
        others = {"sentencepiece": spm.encode(text), "tokenizers": hf.encode(text).ids}
        for name, other in others.items():
            if other != ids:
                different += 1
                print(f"{name} differs on {text!r}\n  ours  {ids}\n  other {other}")
        assert spm.decode(ids) == text == hf.decode(ids), text
    print(f"{len(texts)} texts, {sum(map(len, ours))} ids, {different} differences")
    return 1 if different else 0


sys.exit(main())
