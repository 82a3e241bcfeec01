#!/bin/sh
# Shows that a run survives being killed and does not depend on the number of workers:
#   kill_and_workers.sh ALUDEL RECIPE FOLDER SEED STEP...
# Runs RECIPE with 2 threads; again, killed with SIGKILL at a random moment of each STEP and restarted; and with 1 and 7
# threads. Kept shards, rejects, tokenizer and final weights must be the same bytes each time. FOLDER is kept.
set -eu
aludel=$1
recipe=$2
folder=$3
seed=$4
shift 4
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
  [ ! -d "$folder/reference/packages" ] || cp -r "$folder/reference/packages" "$1/packages"
}

rm -rf "$folder/reference"
"$aludel" run "$recipe" --out "$folder/reference" --threads 2
hashes "$folder/reference" > "$folder/reference.sha256"
[ "$(wc -l < "$folder/reference.sha256")" -ge 5 ] || { echo "too few files to compare"; exit 1; }

# True once the run's log says that it is at work on the step.
is_in_step() {
  grep "step [0-9]*/[0-9]* $1: " "$folder/killed.log" | grep -qv 'done before'
}

# Starts the run, and kills it at a random moment of the step. Fails where the run is over before the kill.
kill_in_step() {
  seconds=$(grep -o '"seconds":[0-9.]*' "$folder/reference/steps/$1.json" | cut -d : -f 2)
  delay=$(awk -v seed="$seed" -v seconds="$seconds" 'BEGIN { srand(seed); printf "%.3f", rand() * seconds }')
  : > "$folder/killed.log"
  "$aludel" run "$recipe" --out "$folder/killed" --threads 2 2> "$folder/killed.log" > /dev/null &
  process=$!
  while ! is_in_step "$1" && kill -0 "$process" 2> /dev/null; do sleep 0.01; done
  sleep "$delay"
  kill -9 "$process" 2> /dev/null || true
  status=0
  wait "$process" 2> /dev/null || status=$?
  [ "$status" -eq 137 ]
}

start_folder "$folder/killed"
kills=0
misses=0
for step in "$@"; do
  seed=$((seed + 1000))
  until kill_in_step "$step"; do
    misses=$((misses + 1))
    [ "$misses" -lt 20 ] || { echo "the run is over before it can be killed in $step"; exit 1; }
    seed=$((seed + 1))
    start_folder "$folder/killed"
  done
  kills=$((kills + 1))
  echo "kill $kills, ${delay} s after the start of $step, in $(grep -o 'step [0-9]*/[0-9]* [a-z_]*' "$folder/killed.log" | tail -1)"
done
"$aludel" run "$recipe" --out "$folder/killed" --threads 2
hashes "$folder/killed" > "$folder/killed.sha256"
cmp "$folder/reference.sha256" "$folder/killed.sha256"
echo "$kills kills: $(wc -l < "$folder/killed.sha256") files are the same bytes"

for threads in 1 7; do
  start_folder "$folder/threads$threads"
  "$aludel" run "$recipe" --out "$folder/threads$threads" --threads "$threads"
  hashes "$folder/threads$threads" > "$folder/threads$threads.sha256"
  cmp "$folder/reference.sha256" "$folder/threads$threads.sha256"
  echo "$threads threads: the same bytes as 2"
done
