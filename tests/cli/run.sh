#!/bin/sh
# Runs one tests/cli/*.test file against the program: run.sh PATH_OF_ALUDEL CASE.test
#
# A case is sections, each begun by a line "=== KIND"; lines before the first are comments.
#   === file PATH    the lines below are written to PATH in the case's own empty folder
#   === data PATH    $data names PATH of the shared test data; without it the case is skipped
#   === run          the lines below are a shell script, run in that folder with `aludel` on the PATH
# What a run is held against follows it; a run without "exit" must exit 0:
#   === exit N       its exit status
#   === stdout       its standard output, exactly
#   === stdout has   each line below occurs somewhere in it
#   === stdout lacks no line below occurs in it
#   === stderr has   each line below occurs in its standard error
set -u
program=$1
case_file=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/folder" "$work/sections"
PATH=$(dirname "$program"):$PATH
shared=${ALUDEL_SHARED_DATA:-$(dirname "$case_file")/../../../shared/data}
export PATH

fail() {
  echo "FAILED: $1"
  echo "--- standard output:" && head -c 4000 "$work/stdout"
  echo "--- standard error:" && head -c 4000 "$work/stderr"
  exit 1
}

check_status() {
  [ "$status" = "$1" ] || fail "exit status $status, expected $1"
  status=checked
}

# check_lines STREAM WANTED_LINES has|lacks
check_lines() {
  while IFS= read -r line || [ -n "$line" ]; do
    [ -n "$line" ] || continue
    if grep -qF -- "$line" "$work/$1"; then found=has; else found=lacks; fi
    [ "$found" = "$3" ] || fail "$1 $found: $line"
  done < "$2"
}

awk -v folder="$work/sections" '
  /^=== / { name = sprintf("%s/%03d", folder, ++count); print substr($0, 5) > (name ".kind"); printf "" > (name ".body"); next }
  count { print > (name ".body") }' "$case_file"
status=checked
for kind_file in "$work"/sections/*.kind; do
  kind=$(cat "$kind_file")
  body=${kind_file%.kind}.body
  case $kind in
    file\ *)
      mkdir -p "$(dirname "$work/folder/${kind#file }")" && cp "$body" "$work/folder/${kind#file }" ;;
    data\ *)
      data=$shared/${kind#data }
      [ -e "$data" ] || { echo "no shared data: ${kind#data }"; exit 77; }
      export data ;;
    run)
      [ "$status" = checked ] || check_status 0
      (cd "$work/folder" && sh "$body") > "$work/stdout" 2> "$work/stderr" < /dev/null
      status=$? ;;
    exit\ *) check_status "${kind#exit }" ;;
    stdout) diff -u "$body" "$work/stdout" || fail "standard output differs (- expected, + found)" ;;
    "stdout has") check_lines stdout "$body" has ;;
    "stdout lacks") check_lines stdout "$body" lacks ;;
    "stderr has") check_lines stderr "$body" has ;;
    *) echo "$case_file: unknown section '=== $kind'"; exit 1 ;;
  esac
done
[ "$status" = checked ] || check_status 0
