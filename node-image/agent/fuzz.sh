#!/usr/bin/env bash
# Fuzzes the agent's reading of the protocol and of tars with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer.
# Usage: fuzz.sh [RUNS | SECONDSs]      20000 runs unless given; "600s" is ten minutes. What breaks it is left in build/fuzz/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

amount=${1:-20000}
case $amount in
  *[!0-9s]* | *s?* | '' | s) echo "fuzz.sh: '$amount' is neither a number of runs nor seconds like 600s" >&2; exit 2 ;;
  *s) limit=-max_total_time=${amount%s} ;;
  *) limit=-runs=$amount ;;
esac
make -s build/fuzz/agent
mkdir -p build/fuzz/corpus
python3 test/seeds.py build/fuzz/seeds
# A fixed seed, so that the short run of the tests is the same each time.
log=build/fuzz/log
if ! build/fuzz/agent -seed=1 "$limit" -max_len=8192 -timeout=20 -dict=test/fuzz.dict -artifact_prefix=build/fuzz/ -print_final_stats=1 \
  build/fuzz/corpus build/fuzz/seeds > "$log" 2>&1; then
  tail -60 "$log"
  exit 1
fi
awk '/ cov: / { line = $0 } /^stat::number_of_executed_units/ { runs = $2 } END { print "fuzz: " runs " conversations; " line }' "$log"
