#!/bin/sh
# Builds and runs every benchmark: bench.sh BUILD_FOLDER OUT_FOLDER
# A benchmark is bench/**/NAME_bench.cpp; its program is a target. A line in it says how it is run:
#   // make bench: WORDS        $data is the shared test data, $threads the number of cores;
#                               unpack:$data/X.tar.zst is the folder that X is unpacked to
# OUT_FOLDER/NAME.jsonl gets its standard output. One without such a line is skipped, and one whose $data is missing;
# the last line counts them. Exits 1 when one fails.
set -u
build=$1
out=$2
cd "$(dirname "$0")/.." || exit 1
data=${ALUDEL_SHARED_DATA:-../shared/data}
threads=$(nproc)
mkdir -p "$out"
ran=0 skipped=0 failed=0

skip() {
  echo "bench: $name skipped: $1"
  skipped=$((skipped + 1))
}

for file in $(find bench -name '*_bench.cpp' | LC_ALL=C sort); do
  name=$(basename "$file" .cpp)
  words=$(sed -n 's/.*make bench: *//p' "$file" | head -1)
  if [ -z "$words" ]; then
    skip "it does not say how it is run (a line 'make bench: WORDS')"
    continue
  fi
  missing=
  arguments=
  for word in $words; do
    path=$(eval "echo ${word#unpack:}")
    case $word in *\$data*) [ -e "$path" ] || missing=$path ;; esac
    if [ "${word#unpack:}" != "$word" ] && [ -z "$missing" ]; then
      folder=$out/data/$(basename "$path" | sed 's/\.tar.*//')
      [ -d "$folder" ] || { mkdir -p "$folder" && tar xf "$path" -C "$folder"; }
      path=$folder
    fi
    arguments="$arguments $path"
  done
  if [ -n "$missing" ]; then
    skip "no data: $missing"
    continue
  fi
  if cmake --build "$build" --target "$name" > "$out/$name.log" 2>&1 &&
    "$build/$name" $arguments > "$out/$name.jsonl" 2> "$out/$name.log"; then
    ran=$((ran + 1))
    echo "bench: $name"
    cat "$out/$name.jsonl"
  else
    failed=$((failed + 1))
    echo "bench: $name failed: $(tail -20 "$out/$name.log")"
  fi
done
echo "bench: $ran ran, $skipped skipped, $failed failed; results in $out"
[ "$failed" = 0 ]
