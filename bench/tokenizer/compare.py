"""Tokenizers beside tiktoken, tokenizers and sentencepiece: the same texts, one core, one run.

usage: compare.py BENCH ALUDEL MODEL TEXT...   (python3 with `pip install tiktoken tokenizers sentencepiece`)
  BENCH   build/release/tokenizer_bench          ALUDEL  build/release/aludel
  MODEL   a sentencepiece BPE tokenizer.model    TEXT    UTF-8, 200 MB or more: novel_text_bench makes it
Ours encodes every text as a whole, cut into documents of about 4,000 bytes, with an empty memo; the peers encode its
first PEER_MEGABYTES in documents of 4,000 characters. They take turns, ROUNDS times; numbers are megabytes per second
of processor time. Before that, the ids of 500 documents of each text must be sentencepiece's.
tiktoken and tokenizers use a 16k byte-level BPE that tokenizers learns from 4 MB of each text, which is timed, too.
"""

import json
import os
import statistics
import subprocess
import sys
import time

import sentencepiece
import tiktoken
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

PEER_MEGABYTES = 8
ROUNDS = 3
CHECKED_DOCUMENTS = 500
GPT2_SPLIT = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def head(path, megabytes):
    with open(path, "rb") as file:
        return file.read(int(megabytes * 1e6)).decode("utf8", errors="ignore")


def documents(text):
    return [text[at : at + 4000] for at in range(0, len(text), 4000)]


def learn(texts):
    """A 16k byte-level BPE of tokenizers, and the seconds by the clock that it took with all cores."""
    learnt = Tokenizer(models.BPE())
    learnt.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=16384, initial_alphabet=alphabet, show_progress=False)
    start, processor = time.perf_counter(), time.process_time()
    learnt.train_from_iterator(texts, trainer)
    return learnt, time.perf_counter() - start, time.process_time() - processor


def tiktoken_of(learnt):
    """The same merges for tiktoken: tokenizers spells bytes as printable characters."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    byte_of = {chr(byte): byte for byte in printable}
    byte_of.update({chr(256 + i): byte for i, byte in enumerate(others)})
    ranks = {}
    for spelling, rank in learnt.get_vocab().items():
        ranks[bytes(byte_of[c] for c in spelling)] = rank
    return tiktoken.Encoding("learnt", pat_str=GPT2_SPLIT, mergeable_ranks=ranks, special_tokens={})


def check_ids(program, model, reference, path):
    texts = documents(head(path, 4))[:CHECKED_DOCUMENTS]
    texts = [text.replace("\u2581", "") for text in texts]
    rows = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    command = [program, "tokenizer", "encode", "--model", model]
    lines = subprocess.run(command, input=rows, capture_output=True, text=True, check=True).stdout.splitlines()
    different = sum(json.loads(line)["ids"] != reference.encode(text) for line, text in zip(lines, texts))
    print(json.dumps({"text": path, "documents": len(texts), "with other ids than sentencepiece": different}))
    return different


def processor_speed(work, megabytes):
    start = time.process_time()
    work()
    return megabytes / (time.process_time() - start)


def main():
    bench, program, model, *paths = sys.argv[1:]
    reference = sentencepiece.SentencePieceProcessor(model_file=model)
    different = sum(check_ids(program, model, reference, path) for path in paths)
    training = [document for path in paths for document in documents(head(path, 4))]
    learnt, seconds, processor = learn(training)
    megabytes = sum(len(text.encode()) for text in training) / 1e6
    print(json.dumps({"tokenizers train 16k": megabytes / seconds, "by processor time": megabytes / processor}))
    same_merges = tiktoken_of(learnt)
    speeds = {}
    for _ in range(ROUNDS):
        for path in paths:
            name = os.path.basename(path)
            out = subprocess.run([bench, model, "1", path], capture_output=True, text=True, check=True).stdout
            ours = json.loads(out.splitlines()[0])
            speeds.setdefault((name, "aludel"), []).append(ours["megabytes_per_processor_second"])
            texts = documents(head(path, PEER_MEGABYTES))
            size = sum(len(text.encode()) for text in texts) / 1e6
            peers = {
                "tiktoken": lambda: [same_merges.encode_ordinary(text) for text in texts],
                "tokenizers": lambda: learnt.encode_batch_fast(texts),
                "sentencepiece": lambda: [reference.encode(text) for text in texts],
            }
            for peer, work in peers.items():
                speeds.setdefault((name, peer), []).append(processor_speed(work, size))
    for (name, who), values in speeds.items():
        print(json.dumps({"text": name, "who": who, "megabytes_per_processor_second": statistics.median(values),
                          "slowest": min(values)}))
    print(out.splitlines()[0])  # says where it ran
    return 1 if different else 0


sys.exit(main())
