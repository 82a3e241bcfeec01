"""Presets that name a peer beside the peer's own code, on the same documents: which stay, and the bytes that come out.

Peers: `fineweb` is datatrove (PyPI: datatrove spacy nltk), its four filters in the order of examples/fineweb.py; `c4` is
clean_page of tensorflow_datasets' text/c4_utils.py (--c4 FILE, with NLTK's punkt_tab found by NLTK_DATA); `dclm` is
mlfoundations/dclm (--dclm FOLDER, a checkout; PyPI: fasttext-wheel uniseg retrie justext beautifulsoup4 unidecode), the
steps of dclm_baseline_refinedweb.yaml behind the filters of addresses and language. What is compared is what those steps
decide and write: language, personal data and deduplication are left out on both sides.
usage: python3 bench/curate/presets.py [--aludel build/release/aludel] [--c4 FILE] [--dclm FOLDER] [--show 5] FILE.jsonl...
Each line of a file is {"text": ...}. One JSON line per preset; `causes` counts what differs by the layer and reason of ours.
"""
import argparse
import collections
import importlib.util
import json
import os
import subprocess
import sys
import types

from texts import read_texts

OPEN_LANGUAGE = ["--set", "languages=[]", "--set", "min_confidence=0", "--set", "check_urls=false"]


def ours(aludel, preset, layers, texts):
    """For each text what comes out of the layers, or (layer, reason)."""
    results = [None] * len(texts)
    documents = {str(i): {"id": str(i), "text": t, "language": "en"} for i, t in enumerate(texts)}
    for layer, settings in layers:
        command = [aludel, "layer", layer, "--preset", preset, *settings]
        lines = "".join(json.dumps(d) + "\n" for d in documents.values())
        done = subprocess.run(command, input=lines, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        documents = {}
        for line in done.stdout.split("\n")[:-1]:
            document = json.loads(line)
            if document.get("rejected_by"):
                results[int(document["id"])] = (layer, document.get("reason"))
            else:
                documents[document["id"]] = {"id": document["id"], "text": document["text"], "language": "en"}
    for document in documents.values():
        results[int(document["id"])] = document["text"]
    return results


def as_fineweb(options, texts):
    from loguru import logger

    logger.remove()
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter

    filters = [GopherRepetitionFilter(), GopherQualityFilter(), C4QualityFilter(filter_no_terminal_punct=False), FineWebQualityFilter()]
    for text in texts:
        document = Document(text=text, id="0")
        reason = None
        for f in filters:
            try:
                result = f.filter(document)
            except ZeroDivisionError:  # an empty text: datatrove's executor would stop
                result = (False, "empty")
            if result is not True:
                reason = ("datatrove", result[1] if isinstance(result, tuple) else type(f).__name__)
                break
        yield reason or document.text


def stub(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def load_c4(path):
    """c4_utils.py without TensorFlow: clean_page asks it for nothing."""
    compat = types.SimpleNamespace(as_text=lambda text: text)
    for name in ("tensorflow_datasets", "tensorflow_datasets.core", "tensorflow_datasets.core.utils"):
        stub(name, __path__=[])
    stub("tensorflow_datasets.core.utils.lazy_imports_utils", tensorflow=types.SimpleNamespace(compat=types.SimpleNamespace(as_text=compat.as_text)))
    stub("tensorflow_datasets.public_api")
    stub("absl", logging=None)
    spec = importlib.util.spec_from_file_location("c4_utils", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["c4_utils"] = module
    spec.loader.exec_module(module)
    from nltk.tokenize.punkt import PunktTokenizer

    module._SENTENCE_TOKENIZER = PunktTokenizer("english")
    return module


def as_c4(options, texts):
    c4 = load_c4(options.c4)
    clean = c4.get_clean_page_fn()
    for text in texts:
        reasons = []
        pages = list(clean(c4.PageFeatures(text=text), counter_inc_fn=lambda name, amount=1: reasons.append(name)))
        yield pages[0].text if pages else ("c4", reasons[-1] if reasons else "")


def as_dclm(options, texts):
    stub("transformers", AutoTokenizer=None)
    for package in ("baselines", "baselines.core", "baselines.mappers", "baselines.mappers.filters", "baselines.mappers.enrichers"):
        stub(package, __path__=[os.path.join(options.dclm, *package.split("."))])  # not what their __init__ imports
    stub("core", __path__=[os.path.join(options.dclm, "baselines", "core")])
    before = os.getcwd()
    os.chdir(options.dclm)
    from baselines.mappers import modifiers as m
    from baselines.mappers.enrichers import enrichers as e
    from baselines.mappers.filters import content_filters as f

    def with_settings(function, **settings):
        return lambda page: function(page, **settings)

    steps = [
        m.url_removal_modifier(), m.newline_removal_modifier(max_consecutive=2),
        with_settings(f.page_length_filter, length_type="word", min_length=50, max_length=100000, ignore_punctuation=True),
        with_settings(f.word_length_filter, min_length=3, max_length=10),
        with_settings(f.symbol_ratio_filter, max_symbol_to_word_ratio=0.1),
        with_settings(f.bullet_count_filter, max_bullet_start_ratio=0.9),
        with_settings(f.ellipsis_count_filter, max_ellipsis_end_ratio=0.3),
        with_settings(f.alphabetic_word_ratio_filter, max_ratio=0.2),
        with_settings(f.stop_word_filter, count_unique=False, min_stop_word=2),
        f.massive_web_repetition_filters,
        with_settings(e.word_counter_enricher, key="previous_word_count"),
        with_settings(m.uppercase_ratio_line_modifier, max_ratio=0.5), with_settings(m.numeric_ratio_line_modifier, max_ratio=0.999999),
        m.counter_line_modifier(), with_settings(m.line_length_modifier, min_length=2),
        m.substring_line_modifier("items in cart", max_length=10, remove_substring_only=True),
        m.substring_line_modifier("Read more...", max_length=10, location="suffix", remove_substring_only=True),
        m.substring_line_modifier("Sign-in", max_length=10, location="prefix", remove_substring_only=True),
        with_settings(f.word_removal_ratio_filter, prev_word_count_key="previous_word_count", max_removed_ratio=0.05),
    ]
    os.chdir(before)
    for text in texts:
        page = {"text": text}
        gone = None
        for number, step in enumerate(steps):
            pages = step(page)
            if not pages:
                gone = ("dclm", f"step {number + 1}")
                break
            page = pages[0]
        yield gone or page["text"]


NO_PII = ["--set", "pii=off"]
RULES = [("metrics", []), ("repetition", []), ("correction", NO_PII)]
PRESETS = {
    "fineweb": (as_fineweb, RULES),
    "c4": (as_c4, [("metrics", []), ("correction", NO_PII)]),
    "dclm": (as_dclm, [("language", OPEN_LANGUAGE), *RULES]),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--aludel", default="build/release/aludel")
    parser.add_argument("--c4")
    parser.add_argument("--dclm")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--only", choices=sorted(PRESETS))
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    texts = read_texts(options.files)
    for preset, (as_peer, layers) in PRESETS.items():
        if options.only and preset != options.only:
            continue
        if preset in ("c4", "dclm") and not getattr(options, preset):
            print(json.dumps({"bench": "curate/presets", "preset": preset, "skipped": f"no --{preset}"}))
            continue
        theirs = list(as_peer(options, texts))
        mine = ours(options.aludel, preset, layers, texts)
        decided = [isinstance(t, str) == isinstance(o, str) for t, o in zip(theirs, mine)]
        both = [i for i in range(len(texts)) if isinstance(theirs[i], str) and isinstance(mine[i], str)]
        equal = [i for i in both if theirs[i] == mine[i]]
        causes = collections.Counter(f"{t if isinstance(t, tuple) else 'kept'} / {o if isinstance(o, tuple) else 'kept'}"
                                     for t, o, same in zip(theirs, mine, decided) if not same)
        print(json.dumps({
            "bench": "curate/presets", "preset": preset, "documents": len(texts),
            "kept_theirs": sum(isinstance(t, str) for t in theirs), "kept_ours": sum(isinstance(o, str) for o in mine),
            "decisions_equal": round(sum(decided) / len(texts), 5), "decided_otherwise": len(texts) - sum(decided),
            "kept_by_both": len(both), "texts_equal": round(len(equal) / max(len(both), 1), 5),
            "texts_changed_by_peer": sum(theirs[i] != texts[i] for i in both), "causes": causes,
        }), flush=True)
        for i in [i for i in both if theirs[i] != mine[i]][: options.show]:
            a, b = theirs[i], mine[i]
            at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            print(json.dumps({"document": i, "at": at, "peer": a[max(0, at - 40): at + 60], "ours": b[max(0, at - 40): at + 60]}, ensure_ascii=False))
        for i in [i for i, same in enumerate(decided) if not same][: options.show]:
            print(json.dumps({"document": i, "peer": theirs[i] if isinstance(theirs[i], tuple) else "kept",
                              "ours": mine[i] if isinstance(mine[i], tuple) else "kept", "begins": texts[i][:60]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
