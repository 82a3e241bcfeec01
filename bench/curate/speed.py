"""CPU seconds of whole runs of `aludel curate`, one thread: html megabytes per second and core, yield, documents by layer.

usage: python3 bench/curate/speed.py [--aludel build/release/aludel] --models FOLDER --work FOLDER [--modes web,annotate,fineweb] IN...
       python3 bench/curate/speed.py --against OTHER/aludel --models FOLDER --work FOLDER [--set KEY=VALUE]... [--rounds 3] IN...
IN are archives or folders of them (bench/curate/crawl.sh makes some). `web` is all twelve layers, `annotate` the same with
nothing dropped, `fineweb` the preset. CPU is that of the whole process, loading of models and report included. One JSON
line a mode and input. With --against, both programs run all twelve layers in turns, with the settings of the other one's preset `web` and --set on top, and the ratio is
printed (of medians, and of the fastest runs), with how many kept documents and texts are the same.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

MODES = {"web": ["--preset", "web"], "annotate": ["--preset", "web", "--annotate"], "fineweb": ["--preset", "fineweb"]}


def machine():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def about():
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    return {"machine": machine(), "threads": 1, "isa": os.environ.get("ALUDEL_ISA", "best"), "commit": commit,
            "load": round(os.getloadavg()[0], 1)}


def run(command):
    """CPU seconds (user + system) and peak memory in bytes of a program that must succeed."""
    with open(os.devnull, "w") as null:
        process = subprocess.Popen(command, stdout=null, stderr=subprocess.PIPE)
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}\n{message.decode()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def layers_of(ledger, timing):
    """Documents and bytes by layer over all sources, with the layer's own text megabytes per CPU second."""
    rows = {}
    for source in ledger["sources"].values():
        for row in source["layers"]:
            if row.get("off"):
                continue
            total = rows.setdefault(row["name"], {"in": 0, "kept": 0, "bytes_in": 0})
            for key in total:
                total[key] += row[key]
    for name, row in rows.items():
        seconds = timing["seconds"].get(name)
        if seconds:
            row["cpu_seconds"] = round(seconds, 3)
            row["megabytes_per_second"] = round(row["bytes_in"] / 1e6 / seconds, 1)
    return rows


def disk(run_folder):
    """Bytes that the run's tasks wrote: scratch (work with the largest shuffles, state) and output."""
    with open(os.path.join(run_folder, "report/timing.json")) as timing:
        sizes = {"scratch": json.load(timing).get("shuffle_bytes", 0), "output": 0}
    for line in open(os.path.join(run_folder, "manifest.jsonl")):
        row = json.loads(line)
        if row["stage"] == "run":
            continue
        for output in row["outputs"]:
            kind = "scratch" if output["path"].startswith(("work/", "state/")) else "output"
            sizes[kind] += output["size_bytes"]
    return sizes


def kept(folder):
    """The texts of a run's kept documents by id."""
    texts = {}
    for name in sorted(os.listdir(os.path.join(folder, "kept"))):
        lines = subprocess.run(["zstdcat", os.path.join(folder, "kept", name)], capture_output=True, check=True).stdout.decode()
        for line in lines.split("\n"):
            if line:
                document = json.loads(line)
                texts[document["id"]] = document["text"]
    return texts


def settings_of(folder, known):
    """Words for --set that repeat the layers' settings of a run, as far as another program knows them."""
    with open(os.path.join(folder, "config.resolved.toml"), "rb") as file:
        layers = tomllib.load(file)["layers"]
    words, unknown = [], []
    for layer, table in layers.items():
        for key, value in ({} if table == "off" else table).items():
            if isinstance(value, dict) or value == "":
                continue
            text = json.dumps(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)
            (words if f"{layer}.{key}" in known else unknown).append(f"layers.{layer}.{key}={text}")
    return words, unknown


def compare(options):
    """Both programs in turns with the same settings; one JSON line."""
    out = {name: os.path.join(options.work, name) for name in ("ours", "other")}
    base = ["--in", *options.inputs, "--models", options.models, "--threads", "1"]
    shutil.rmtree(out["other"], ignore_errors=True)
    run([options.against, "curate", "--preset", "web", *base, "--out", out["other"]])
    reference = subprocess.run([options.aludel, "list", "--markdown"], capture_output=True, text=True, check=True).stdout
    known = set(re.findall(r"^\| `([a-z_0-9]+\.[a-z_0-9.]+)`", reference, re.MULTILINE))
    words, unknown = settings_of(out["other"], known)
    words += options.set
    times, memory = {"ours": [], "other": []}, {"ours": 0, "other": 0}
    for _ in range(options.rounds):
        for name, program in (("other", options.against), ("ours", options.aludel)):
            shutil.rmtree(out[name], ignore_errors=True)
            sets = [word for given in words for word in ("--set", given)] if name == "ours" else []
            seconds, peak = run([program, "curate", "--preset", "web", *base, "--out", out[name], *sets])
            times[name].append(round(seconds, 2))
            memory[name] = max(memory[name], peak)
    ours, other = kept(out["ours"]), kept(out["other"])
    both = ours.keys() & other.keys()
    medians = {name: sorted(values)[len(values) // 2] for name, values in times.items()}
    html = sum(s["in"]["bytes_raw"] for s in json.load(open(os.path.join(out["ours"], "ledger.json")))["sources"].values())
    print(json.dumps({
        "bench": "curate/all_twelve", "html_megabytes": round(html / 1e6, 1), "cpu_seconds": times, "speed_up": round(medians["other"] / medians["ours"], 3),
        "speed_up_of_best": round(min(times["other"]) / min(times["ours"]), 3),  # what else runs on a machine only adds
        "html_megabytes_per_cpu_second": {name: round(html / 1e6 / value, 1) for name, value in medians.items()},
        "peak_memory_megabytes": {name: round(value / 1e6) for name, value in memory.items()},
        "disk_megabytes": {name: {k: round(v / 1e6, 1) for k, v in disk(folder).items()} for name, folder in out.items()},
        "kept": {"ours": len(ours), "other": len(other), "by_both": len(both), "same_text": sum(ours[i] == other[i] for i in both)},
        "settings_that_ours_lacks": unknown, **about(),
    }), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--aludel", default="build/release/aludel")
    parser.add_argument("--models", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--modes", default="web,annotate,fineweb")
    parser.add_argument("--against", help="another aludel, for a ratio")
    parser.add_argument("--set", action="append", default=[], help="with --against, of ours: what makes its settings the other's")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="leave the runs in the work folder")
    parser.add_argument("inputs", nargs="+")
    options = parser.parse_args()
    if options.against:
        return compare(options)
    for path in options.inputs:
        for mode in options.modes.split(","):
            out = os.path.join(options.work, f"run-{mode}-{os.path.basename(os.path.dirname(os.path.abspath(path)))}")
            shutil.rmtree(out, ignore_errors=True)
            command = [options.aludel, "curate", *MODES[mode], "--in", path, "--models", options.models, "--out", out, "--threads", "1"]
            seconds, memory = run(command)
            ledger = json.load(open(os.path.join(out, "ledger.json")))
            timing = json.load(open(os.path.join(out, "report/timing.json")))
            html = sum(s["in"]["bytes_raw"] for s in ledger["sources"].values())
            text = sum(s["in"]["bytes_text"] for s in ledger["sources"].values())
            layers = layers_of(ledger, timing)
            read = layers["read"]["in"]
            last = layers.get("semantic", layers.get("minhash_dedup"))
            print(json.dumps({
                "bench": "curate/speed", "mode": mode, "input": path, "documents": read, "html_megabytes": round(html / 1e6, 1),
                "yield": round(text / html, 4), "reach_last_layer": round(last["in"] / read, 3), "cpu_seconds": round(seconds, 2),
                "html_megabytes_per_cpu_second": round(html / 1e6 / seconds, 1),
                "text_megabytes_per_cpu_second": round(text / 1e6 / seconds, 2), "peak_memory_megabytes": round(memory / 1e6),
                "disk_megabytes": {k: round(v / 1e6, 1) for k, v in disk(out).items()},
                "stages": {s["name"]: round(s["cpu_seconds"], 2) for s in timing.get("stages", [])}, "layers": layers, **about(),
            }), flush=True)
            if not options.keep:
                shutil.rmtree(out)


if __name__ == "__main__":
    main()
