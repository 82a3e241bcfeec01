#!/bin/sh
# Builds and tests what docs/adding.md adds: adding.sh BUILD. Takes each file from the page (a line that ends in `PATH`: and the
# fenced block below it) and each ```diff, puts them into the tree for as long as it runs, and removes them again.
set -eu
build=$1
cd "$(dirname "$0")/../.."
page=docs/adding.md
order=aludel/curate/cascade/cascade.cpp
work=$(mktemp -d)
awk -v work="$work" '
  /^```/ && inside { inside = 0; close(out); next }
  /^```diff/ { inside = 1; out = work "/order.diff"; next }
  /^```/ { inside = 1; if (path == "") { print "adding: a block without a file, line " NR > "/dev/stderr"; exit 1 }
           out = work "/block" ++blocks; print path > (work "/paths"); path = ""; next }
  inside { print > out; next }
  match($0, /`[^`]+`:$/) { path = substr($0, RSTART + 1, RLENGTH - 3) }' "$page"
undo() {
  while read -r path; do rm -f "$path"; done < "$work/paths"
  [ ! -e "$work/cascade.cpp" ] || cp "$work/cascade.cpp" "$order"
  rm -rf "$work"
}
while read -r path; do
  [ ! -e "$path" ] || { echo "adding: $path is there already" >&2; exit 1; }
done < "$work/paths"
trap undo EXIT INT TERM
number=0
while read -r path; do
  number=$((number + 1))
  cp "$work/block$number" "$path"
done < "$work/paths"
cp "$order" "$work/cascade.cpp"
old=$(sed -n 's/^-\( .*\)/\1/p' "$work/order.diff")
new=$(sed -n 's/^+\( .*\)/\1/p' "$work/order.diff")
grep -qF -- "$old" "$order" || { echo "adding: $order has no line '$old' as the page says" >&2; exit 1; }
awk -v old="$old" -v new="$new" '$0 == old { print new; next } { print }' "$work/cascade.cpp" > "$order"
echo "adding: $number files from $page"
cmake --build "$build" --target aludel curate_test tensor_test
"$build/curate_test" --gtest_filter='MinUniqueWords.*:DecidedAgain.LayersThat*' --gtest_brief=1
"$build/tensor_test" --gtest_filter='Conformance.HoldsOnEveryHighwayTarget' --gtest_brief=1
"$build/aludel" list formats | grep -q srt
tests/cli/run.sh "$PWD/$build/aludel" tests/cli/lines.test
echo '{"text":"word word"}' | "$build/aludel" layer min_unique_words | grep -q '"reason":"few_unique_words"'
echo "adding: all of it is built, and does what the page says"
