#!/bin/sh
# Builds and runs every benchmark: bench.sh BUILD_FOLDER OUT_FOLDER
# A benchmark is bench/**/NAME_bench.cpp (its program, a target) or bench/**/NAME.py that begins with "#!" (a peer,
# with what it needs from PyPI). A line in it says how it is run; a # may stand for the //:
#   // make bench: WORDS        $data is the shared test data, $build the build folder, $threads the number of cores;
#                               unpack:$data/X.tar.zst is the folder that X is unpacked to
# OUT_FOLDER/NAME.jsonl gets its standard output. One without such a line is skipped, and one whose $data is missing
# or that exits 77 (no peer here); the last line counts them. Exits 1 when one fails.
set -u
build=$1
out=$2
cd "$(dirname "$0")/.." || exit 1
data=${ALUDEL_SHARED_DATA:-../shared/data}
threads=$(nproc)
export build data threads
mkdir -p "$out"
ran=0 skipped=0 failed=0

skip() {
  echo "bench: $name skipped: $1"
  skipped=$((skipped + 1))
}

for file in $(find bench -name '*_bench.cpp' -o -name '*.py' | LC_ALL=C sort); do
  name=$(basename "$file" | sed 's/\.[a-z]*$//')
  case $file in *.py) head -c 2 "$file" | grep -q '#!' || continue ;; esac
  if ! grep -q 'make bench: ' "$file"; then
    skip "it does not say how it is run (a line 'make bench: WORDS')"
    continue
  fi
  words=$(sed -n 's/.*make bench: *//p' "$file" | head -1)
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
  case $file in
    *.py) program="python3 $file" ;;
    *)
      program=$build/$name
      cmake --build "$build" --target "$name" > "$out/$name.log" 2>&1 || { cat "$out/$name.log"; failed=$((failed + 1)); continue; } ;;
  esac
  $program $arguments > "$out/$name.jsonl" 2> "$out/$name.log"
  status=$?
  if [ "$status" = 77 ]; then
    skip "$(tail -1 "$out/$name.log")"
  elif [ "$status" = 0 ]; then
    ran=$((ran + 1))
    echo "bench: $name"
    cat "$out/$name.jsonl"
  else
    failed=$((failed + 1))
    echo "bench: $name failed with $status: $(tail -3 "$out/$name.log")"
  fi
done
echo "bench: $ran ran, $skipped skipped, $failed failed; results in $out"
[ "$failed" = 0 ]
