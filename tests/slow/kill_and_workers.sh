#!/bin/sh
# Shows that a run survives being killed and does not depend on the number of workers:
#   kill_and_workers.sh ALUDEL RECIPE FOLDER [SEED]
# Runs RECIPE with 2 threads; again, killed with SIGKILL at ten random moments and restarted; and with 1 and 7 threads.
# Kept shards, rejects, tokenizer and final weights must be the same bytes each time. FOLDER is kept.
set -eu
aludel=$1
recipe=$2
folder=$3
seed=${4:-1}
mkdir -p "$folder"

# The files that must not differ, with their hashes, by path inside the run folder.
hashes() {
  (cd "$1" && find . \( -path '*/kept/*' -o -path '*/rejects/*' -o -name 'tokenizer.*' -o -name 'ledger.json' \
    -o -path '*/tokens/*.bin' -o -name 'model.safetensors' \) -type f ! -path './packages/*' ! -path './steps/*' ! -path '*/checkpoints/*' |
    LC_ALL=C sort | xargs sha256sum)
}

# Starts a run folder with the downloads of the first, which are no part of the test.
start_folder() {
  rm -rf "$1"
  mkdir -p "$1"
  cp -r "$folder/reference/packages" "$1/packages"
}

rm -rf "$folder/reference"
begin=$(date +%s%N)
"$aludel" run "$recipe" --out "$folder/reference" --threads 2
run_ms=$((($(date +%s%N) - begin) / 1000000))
hashes "$folder/reference" > "$folder/reference.sha256"
[ "$(wc -l < "$folder/reference.sha256")" -ge 5 ] || { echo "too few files to compare"; exit 1; }

start_folder "$folder/killed"
kills=0
while [ "$kills" -lt 10 ]; do
  # Between 0 and a quarter of the whole run: ten of these reach from the first step to the last.
  wait_ms=$(awk -v seed="$((seed * 1000 + kills))" -v most="$run_ms" 'BEGIN { srand(seed); printf "%d", rand() * most / 4 + 20 }')
  "$aludel" run "$recipe" --out "$folder/killed" --threads 2 2> "$folder/killed.log" > /dev/null &
  process=$!
  sleep "$(awk -v ms="$wait_ms" 'BEGIN { printf "%.3f", ms / 1000 }')"
  if kill -9 "$process" 2> /dev/null; then
    step=$(grep -o 'step [0-9]*/[0-9]* [a-z_]*' "$folder/killed.log" | tail -1)
    kills=$((kills + 1))
    echo "kill $kills after $wait_ms ms, in ${step:-the start}"
  else
    echo "the run was done before kill $((kills + 1)); it starts again"
    run_ms=$((run_ms * 3 / 4))  # the machine is less busy than it was: else this could go on for ever
    start_folder "$folder/killed"
  fi
  wait "$process" 2> /dev/null || true
done
"$aludel" run "$recipe" --out "$folder/killed" --threads 2
hashes "$folder/killed" > "$folder/killed.sha256"
cmp "$folder/reference.sha256" "$folder/killed.sha256"
echo "ten kills: $(wc -l < "$folder/killed.sha256") files are the same bytes"

for threads in 1 7; do
  start_folder "$folder/threads$threads"
  "$aludel" run "$recipe" --out "$folder/threads$threads" --threads "$threads"
  hashes "$folder/threads$threads" > "$folder/threads$threads.sha256"
  cmp "$folder/reference.sha256" "$folder/threads$threads.sha256"
  echo "$threads threads: the same bytes as 2"
done
