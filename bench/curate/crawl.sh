#!/bin/sh
# Makes the crawl that speed is measured on: crawl.sh QUICKSTART OUT MEGABYTES [SEED]
# QUICKSTART is the folder of `make run` (its crawl/ gives text, its models/ the layers' models).
# Markup: the 487 pages of trafilatura's evaluation half in the shared data; text: the quick start's manuals in four
# languages and the shared data's English web pages and encyclopaedia. OUT/crawl/warc has the archives, OUT/gold.warc.gz
# the 487 real pages. The same inputs, size and seed give the same bytes. Nothing of either is committed.
set -eu
quickstart=$1 out=$2 megabytes=$3 seed=${4:-1}
data=${ALUDEL_SHARED_DATA:-$(dirname "$0")/../../../shared/data}
aludel=${ALUDEL:-$(dirname "$0")/../../build/release/aludel}
mkdir -p "$out/text"
[ -d "$out/markup" ] || { mkdir "$out/markup" && tar xf "$data/web/html-gold/trafilatura-eval-half.tar.zst" -C "$out/markup"; }
[ -e "$out/gold.warc.gz" ] || "$aludel" archive "$out/markup" --html-only --date 2026-01-01 --url-prefix https://gold.example/ \
  --out "$out/gold.warc.gz" > /dev/null
for name in handbook libreoffice postgresql; do
  [ -e "$out/text/$name.jsonl" ] || "$aludel" extract "$quickstart/crawl/$name.warc.gz" --jsonl > "$out/text/$name.jsonl"
done
cp -f "$data/text/en/c4_demo.jsonl" "$data/text/en/wiki_demo.txt" "$out/text/"
"$aludel" synthesize --pages "$out/markup" --texts "$out/text" --out "$out/crawl" --megabytes "$megabytes" --seed "$seed" \
  --languages en=0.5,zh=0.1,de=0.2,ja=0.2 --text-scale 0.8
