#!/usr/bin/env python3
"""Feeds damaged files to whole commands, and fails when a command dies, hangs or reports a bug.

The libFuzzer targets beside this file each read one format in one process. This driver covers what
they cannot: every command that reads a file, from its flags to its exit code. It makes a small set
of sound files with the program itself, damages one of them at a time, and runs the command:

    fuzz/mutate_files.py build/asan/aludel --seconds 3600

A command may accept a damaged file or refuse it (exit codes 0 to 3). It must not end by a signal,
print a sanitizer's report or "a bug, please report it", run longer than --timeout, or use more
memory than --memory. Each failure is printed with its command and keeps its files in --keep: from
them it is met again. The same --seed draws the same kinds of damage, but not the same bytes, since
some sound files hold the times and paths of the run that made them. Needs Python 3.9 and nothing
else; `make mutate` builds the program with address and undefined-behaviour checks first.
"""

import argparse
import collections
import gzip
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOUND_EXITS = {0, 1, 2, 3}
SYMPTOMS = ("AddressSanitizer", "LeakSanitizer", "runtime error:", "a bug, please report it",
            "terminate called", "Assertion")

# Numbers at the edges of types, and words that change what a text file says.
EDGES = [0, 1, 127, 128, 255, 256, 32767, 65535, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1]
WORDS = [b"-1", b"0", b"1e999", b"-1e999", b"nan", b"NaN", b"null", b"true", b"[]", b"{}", b'""',
         b"99999999999999999999", b"4294967296", b"9223372036854775807", b"1e-320", b"\\ud800",
         b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\r\n", b"[[", b"]]", b'"', b"<![CDATA[", b"]]>",
         b"<template>", b"</", b"/>", b"&#x110000;", b"../../x", b"a" * 5000]


class Mutator:
    """Damages bytes in one to four places, as a seeded generator draws them."""

    def __init__(self, rng, others):
        self.rng = rng
        self.others = others  # other sound files, for splices

    def mutate(self, data):
        data = bytearray(data)
        for _ in range(self.rng.choice((1, 1, 2, 4))):
            self.rng.choice((self.flip, self.cut, self.drop, self.repeat, self.edge, self.word,
                             self.number, self.zeros, self.splice))(data)
        return bytes(data)

    def place(self, data):
        return self.rng.randrange(len(data) + 1)

    def span(self, data, most=64):
        begin = self.place(data)
        return begin, min(len(data), begin + self.rng.randrange(1, most))

    def flip(self, data):
        for _ in range(self.rng.choice((1, 3, 12))):
            if data:
                data[self.rng.randrange(len(data))] ^= 1 << self.rng.randrange(8)

    def cut(self, data):
        del data[self.place(data):]

    def drop(self, data):
        begin, end = self.span(data, 400)
        del data[begin:end]

    def repeat(self, data):
        begin, end = self.span(data, 400)
        data[end:end] = data[begin:end] * self.rng.choice((1, 2, 40))

    def edge(self, data):
        code = self.rng.choice("<B <H <I <Q >I >Q <f <d".split())
        value = self.rng.choice(EDGES)
        if code[1] in "fd":
            value = self.rng.choice((float("nan"), float("inf"), -1.0, 1e38, -0.0))
        else:
            value &= (1 << (8 * struct.calcsize(code))) - 1
        piece = struct.pack(code, value)
        begin = self.place(data)
        data[begin:begin + len(piece)] = piece

    def word(self, data):
        begin, end = self.span(data, 12)
        data[begin:self.rng.choice((begin, end))] = self.rng.choice(WORDS)

    def number(self, data):
        """Replaces one of the text's numbers, which blind damage seldom meets."""
        places = [i for i in range(len(data)) if 48 <= data[i] <= 57
                  and (i == 0 or not 48 <= data[i - 1] <= 57)]
        if not places:
            return self.flip(data)
        begin = self.rng.choice(places)
        end = begin
        while end < len(data) and (48 <= data[end] <= 57 or data[end] in b".e"):
            end += 1
        data[begin:end] = self.rng.choice(WORDS[:15])

    def zeros(self, data):
        begin, end = self.span(data)
        data[begin:end] = bytes(end - begin)

    def splice(self, data):
        other = self.rng.choice(self.others)
        begin, end = self.span(data, 2000)
        start = self.rng.randrange(len(other) + 1)
        data[begin:end] = other[start:start + self.rng.randrange(1, 2000)]


class Case:
    """One kind of file: `files` are damaged by turns in a copy of `folder`, then `command` runs."""

    def __init__(self, name, folder, files, command, stdin=None):
        self.name, self.folder, self.files = name, folder, files
        self.command, self.stdin = command, stdin


def documents():
    """Paragraphs of the project's own pages, as records of a corpus."""
    rows = []
    for page in sorted(ROOT.glob("docs/**/*.md")):
        for i, text in enumerate(page.read_text(encoding="utf-8").split("\n\n")):
            if len(text) > 200 and len(rows) < 60:
                rows.append({"id": f"{page.stem}-{i}", "url": f"https://docs.example/{page.stem}",
                             "date": "2026-01-02", "text": text, "label": page.stem[:1]})
    return rows


def write_epub(path, rows):
    container = ('<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:'
                 'container"><rootfiles><rootfile full-path="b.opf" media-type="application/'
                 'oebps-package+xml"/></rootfiles></container>')
    package = ('<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest><item id="c" '
               'href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine>'
               '<itemref idref="c"/></spine></package>')
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("META-INF/container.xml", container)
        book.writestr("b.opf", package)
        book.writestr("c.xhtml", "<html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head>"
                      "<body>" + "".join(f"<p>{r['text'][:300]}</p>" for r in rows[:6])
                      + "</body></html>")


class Seeds:
    """The sound files: made once, in folders of their own below `folder`."""

    def __init__(self, program, folder):
        self.program, self.folder = str(program), folder
        rows = documents()
        self.first = rows[0]["id"]
        lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
        self.write("jsonl/in.jsonl", lines)
        self.write("gzip/in.jsonl.gz", gzip.compress(lines, mtime=0))
        self.write("page/in.html", ("<!doctype html><html><head><meta charset=utf-8><title>t</title>"
                   "</head><body><div id=m>" + "".join(f"<p>{r['text']}</p>" for r in rows[:8])
                   + "<table><tr><td>a<td>b</table><pre>1 code</pre></div></body></html>").encode())
        self.path("epub").mkdir()
        write_epub(self.path("epub/in.epub"), rows)
        self.write("arpa/in.txt", lines[:4000])
        self.write("config/curate.toml", (
            f'preset = "rules"\nseed = 3\n[[sources]]\nname = "s"\npath = ["{self.path("jsonl")}"]\n'
            "[layers.metrics]\nmin_words = 5\nmax_white_space = 0.5\n").encode())
        self.write("recipe/recipe.toml", b'name = "r"\nabout = "a"\n[[steps]]\nname = "one"\n'
                   b'what = "says"\ncommand = ["list", "layers"]\nresult = "{run}/list.json"\n')
        shape = "[shape]\nblocks = 1\nwidth = 32\ninner_width = 64\nheads = 2\nkv_heads = 1\n"
        self.write("train_config/train.toml", (
            f'out = "out"\ndata = "{self.path("tokens/train")}"\ntokenizer = "{self.path("tok")}"\n'
            "steps = 2\nrows = 1\nrow_tokens = 32\n" + shape).encode())
        self.write("chat/in.jsonl", (ROOT / "recipes/sft/held_out.jsonl").read_bytes()[:6000])
        self.run("archive", "--out", "warc/in.warc.gz", "--url-prefix", "https://x.example/",
                 "page/in.html")
        self.run("tokenizer", "train", "--in", "jsonl/in.jsonl", "--out", "tok", "--vocab-size",
                 "400")
        self.run("tokenize", "--model", "tok", "--in", "jsonl/in.jsonl", "--out", "tokens")
        self.run("train", "train_config/train.toml", "--set", "out=model", "checkpoint_every=1")
        for scheme in ("q8", "q4"):
            self.run("quantize", "model", "--scheme", scheme, "--out", scheme)
        self.run("lm", "train", "--in", "jsonl/in.jsonl", "--out", "lm/in.lm", "--arpa",
                 "arpa/in.arpa", "--order", "3")
        self.run("classifier", "train", "jsonl/in.jsonl", "--model", "classifier/in.bin")
        self.run("decontaminate", "build", "jsonl/in.jsonl", "--index", "index/in.index")
        self.run("dedup", "build", "jsonl/in.jsonl", "--index", "signatures/in.index")
        self.run("curate", "--preset", "rules", "--in", "jsonl", "--out", "curated", "--annotate")

    def path(self, name):
        return self.folder / name

    def write(self, name, data):
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(data)

    def run(self, *words):
        for word in words:
            if "/" in word and not word.startswith("-"):
                self.path(word).parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True)
        if done.returncode != 0:
            sys.exit(f"cannot make the sound files: aludel {' '.join(words)}\n"
                     + done.stderr.decode(errors="replace")[-2000:])

    def cases(self):
        rules = ["curate", "--preset", "rules", "--threads", "1", "--out", "out", "--in"]
        model = ["config.json", "model.safetensors", "tokenizer.model", "tokenizer.json",
                 "tokenizer_config.json", "generation_config.json"]
        asked = ["--prompt", "The file", "--max-tokens", "3", "--temperature", "0.5"]
        # A damaged file can ask for a training of hours in good faith: how much work it is stays given.
        train = ["train", "train.toml", "--threads", "1", "--set", "steps=2", "rows=1",
                 "row_tokens=32"]
        shards = "data=train", "tokenizer=" + str(self.path("tok"))
        yield Case("curate_jsonl", "jsonl", ["in.jsonl"], [*rules, "in.jsonl"])
        yield Case("curate_gzip", "gzip", ["in.jsonl.gz"], [*rules, "in.jsonl.gz"])
        yield Case("curate_warc", "warc", ["in.warc.gz"], [*rules, "in.warc.gz"])
        yield Case("curate_epub", "epub", ["in.epub"], [*rules, "in.epub"])
        yield Case("curate_page", "page", ["in.html"], [*rules, "in.html"])
        yield Case("curate_config", "config", ["curate.toml"],
                   ["curate", "curate.toml", "--out", "out", "--threads", "1"])
        yield Case("extract_page", "page", ["in.html"], ["extract", "in.html"])
        yield Case("extract_warc", "warc", ["in.warc.gz"], ["extract", "in.warc.gz", "--jsonl"])
        yield Case("extract_epub", "epub", ["in.epub"], ["extract", "in.epub"])
        yield Case("layer", "jsonl", ["in.jsonl"], ["layer", "correction"], stdin="in.jsonl")
        yield Case("pii", "jsonl", ["in.jsonl"], ["pii", "find", "in.jsonl"])
        yield Case("tokenizer", "tok", None, ["tokenizer", "inspect", ".", "--text", "a b 中文"])
        yield Case("tokenize", "jsonl", ["in.jsonl"],
                   ["tokenize", "--model", str(self.path("tok")), "--in", "in.jsonl", "--out", "out"])
        yield Case("train_tokens", "tokens", ["train.bin", "train.idx"],
                   ["train", "--set", *shards, "out=out", "steps=1", "rows=1", "row_tokens=16",
                    "shape.blocks=1", "shape.width=16", "shape.inner_width=32", "shape.heads=1",
                    "shape.kv_heads=1", "--threads", "1"])
        yield Case("train_config", "train_config", ["train.toml"], train)
        yield Case("train_chat", "chat", ["in.jsonl"],
                   ["train", "--set", "stage=sft", "data=in.jsonl", "init=" + str(self.path("model/model")),
                    "tokenizer=" + str(self.path("tok")), "out=out", "steps=1", "rows=1",
                    "row_tokens=64", "--threads", "1"])
        yield Case("resume", "model", None, ["train", "--set", "out=.", "steps=3",
                   "data=" + str(self.path("tokens/train")), "tokenizer=" + str(self.path("tok")),
                   "rows=1", "row_tokens=32", "checkpoint_every=1", "shape.blocks=1", "shape.width=32",
                   "shape.inner_width=64", "shape.heads=2", "shape.kv_heads=1", "--threads", "1"])
        yield Case("complete", "model/model", model, ["complete", ".", *asked])
        yield Case("complete_q8", "q8", None, ["complete", ".", *asked])
        yield Case("complete_q4", "q4", None, ["complete", ".", *asked])
        yield Case("score", "model/model", model, ["score", ".", "--text", "config.json", "--json"])
        yield Case("quantize", "model/model", model, ["quantize", ".", "--out", "out"])
        yield Case("lm_score", "lm", ["in.lm"],
                   ["lm", "score", "--model", "in.lm", "--in", str(self.path("jsonl/in.jsonl"))])
        yield Case("lm_arpa", "arpa", ["in.arpa"], ["lm", "arpa", "--in", "in.arpa", "--out", "o.lm"])
        yield Case("classifier", "classifier", ["in.bin"],
                   ["classifier", "apply", str(self.path("jsonl/in.jsonl")), "--model", "in.bin"])
        yield Case("decontaminate", "index", ["in.index"],
                   ["decontaminate", "find", str(self.path("jsonl/in.jsonl")), "--index", "in.index"])
        yield Case("against", "signatures", ["in.index"],
                   ["curate", "--preset", "rules", "--in", str(self.path("jsonl")), "--out", "out",
                    "--set", 'layers.minhash_dedup.against=["in.index"]'])
        yield Case("recipe", "recipe", ["recipe.toml"], ["run", "recipe.toml", "--out", "out"])
        yield Case("redecide", "curated", None, ["corpus", "redecide", ".", "--out", "../again"])
        yield Case("explain", "curated", None, ["corpus", "explain", ".", self.first])
        yield Case("report", "curated", None, ["report", "."])


class Driver:
    def __init__(self, options):
        self.options = options
        self.rng = random.Random(options.seed)
        self.counts = collections.Counter()
        self.failures = 0

    def run(self):
        program = pathlib.Path(self.options.program).resolve()
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "seeds").mkdir()
            seeds = Seeds(program, folder / "seeds")
            sound = [p.read_bytes() for p in sorted((folder / "seeds").rglob("*")) if p.is_file()]
            mutator = Mutator(self.rng, sound)
            cases = [c for c in seeds.cases()
                     if not self.options.only or c.name in self.options.only]
            for case in cases:  # a command that refuses the sound file would test nothing
                if (code := self.try_case(program, seeds, None, case, folder / "work")) != 0:
                    sys.exit(f"{case.name}: the sound files end in exit {code}, not 0: "
                             f"aludel {' '.join(case.command)}\n{self.output[-1000:]}")
            self.counts.clear()
            end = time.monotonic() + self.options.seconds
            while time.monotonic() < end:
                for case in cases:
                    self.try_case(program, seeds, mutator, case, folder / "work")
                    if time.monotonic() >= end:
                        break
        self.report(cases)
        return 1 if self.failures else 0

    def try_case(self, program, seeds, mutator, case, work):
        shutil.rmtree(work, ignore_errors=True)
        folder = work / "case"
        shutil.copytree(seeds.path(case.folder), folder)
        names = case.files or [str(p.relative_to(folder)) for p in sorted(folder.rglob("*"))
                               if p.is_file() and p.stat().st_size]
        names = [n for n in names if (folder / n).exists()]
        victim = folder / self.rng.choice(names)
        if mutator:
            victim.write_bytes(mutator.mutate(victim.read_bytes()))
        stdin = open(folder / case.stdin, "rb") if case.stdin else subprocess.DEVNULL
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1:"
                           f"hard_rss_limit_mb={self.options.memory}", TMPDIR=str(work))
        started = time.monotonic()
        process = subprocess.Popen([str(program), *case.command], cwd=folder, stdin=stdin,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env=environment, start_new_session=True, preexec_fn=no_cores)
        try:
            output, _ = process.communicate(timeout=self.options.timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            output += b"\n(timed out)"
            process.returncode = "no end"
        self.output = output.decode(errors="replace")
        self.judge(case, victim.relative_to(folder), work, process.returncode, self.output,
                   time.monotonic() - started)
        return process.returncode

    def judge(self, case, victim, work, code, output, seconds):
        self.counts[case.name, code] += 1
        symptom = next((s for s in SYMPTOMS if s in output), "")
        if code in SOUND_EXITS and not symptom:
            return
        self.failures += 1
        kept = pathlib.Path(self.options.keep) / f"{self.options.seed}-{self.failures}-{case.name}"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(work, kept)
        (kept / "output.txt").write_text(output)
        print(f"FAILED {case.name}: {victim} damaged, exit {code}, {symptom}, {seconds:.1f} s; "
              f"in {kept}/case: aludel {' '.join(case.command)}", flush=True)

    def report(self, cases):
        tried = sum(self.counts.values())
        for case in cases:
            ends = {str(code): n for (name, code), n in self.counts.items() if name == case.name}
            print(f"{case.name:<16} " + ", ".join(f"exit {c}: {ends[c]}" for c in sorted(ends)))
        print(f"mutants {tried}, kinds {len(cases)}, failures {self.failures}, seed "
              f"{self.options.seed}")


def no_cores():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", help="aludel, best built with sanitizers (make mutate)")
    parser.add_argument("--seconds", type=float, default=60, help="how long to go on [60]")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn; not all bytes of mutants hang on it [1]")
    parser.add_argument("--timeout", type=float, default=60, help="seconds of one command [60]")
    parser.add_argument("--memory", type=int, default=2500, help="MB of one command [2500]")
    parser.add_argument("--keep", default="build/mutants", help="where failures go")
    parser.add_argument("--only", nargs="*", help="kinds of files, by name")
    return Driver(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
