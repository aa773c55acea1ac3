# SPDX-License-Identifier: EUPL-1.2
# For suites of what goes wrong around an import. To be sourced from a suite, in the top folder: builds, makes $work, counts.
passed=0 failed=0 skipped=0
make --no-print-directory -s -j"$(nproc)" build || { echo "0 passed, 1 failed"; exit 1; }
pw=$PWD/build/pactwijzer
mounted=
work=$(mktemp -d) || { echo "0 passed, 1 failed"; exit 1; }
finish() { [ -z "$mounted" ] || umount "$work/disk"; chmod -R u+w "$work"; rm -rf "$work"; }
trap finish EXIT
chmod 755 "$work"

check() {  # check NAME EXPECTED ACTUAL: two texts
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); return; fi
  failed=$((failed + 1)); echo "FAILED $1:"; diff <(echo "$2") <(echo "$3") | head -20
}
holds() {  # holds NAME TEXT ACTUAL
  case "$3" in *"$2"*) passed=$((passed + 1)) ;; *) failed=$((failed + 1)); echo "FAILED $1: no \"$2\" in: $3" ;; esac
}
skip() { skipped=$((skipped + 1)); echo "SKIPPED $1"; }
state() { sqlite3 "$1" .dump | sha256sum; }
# refused NAME CODE TEXT DATABASE COMMAND...: fails with that exit code and text, and leaves that database as it is
refused() {
  local name=$1 code=$2 text=$3 db=$4 before after out got; shift 4
  before=$(state "$db"); out=$("$@" 2>&1 < /dev/null); got=$?; after=$(state "$db")
  check "$name: exit code" "$code" "$got"; holds "$name: what it says" "$text" "$out"; check "$name: the database" "$before" "$after"
  case "$out" in *" added"* | *"superseded,"*) failed=$((failed + 1)); echo "FAILED $name: tells of a success: $out" ;; *) passed=$((passed + 1)) ;; esac
}
