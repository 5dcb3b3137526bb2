#!/usr/bin/env bash
# Runs programs that use known amounts under the runner of an image, and prints a table of what it measured, for docs/accuracy.md.
# Usage: accuracy.sh [IMAGE] [RUNS]     (IMAGE is joyoi and RUNS are 10 unless given; the engine is that of DOCKER_HOST)
set -euo pipefail

if [[ ${1:-} != --inside ]]; then
  exec docker run --rm --network none --read-only --ipc private --shm-size 200m --security-opt no-new-privileges --pids-limit 512 \
    --memory 512m --memory-swap 512m --cap-drop ALL \
    --cap-add SETUID --cap-add SETGID --cap-add KILL --cap-add DAC_OVERRIDE --cap-add FOWNER --cap-add CHOWN \
    --tmpfs /tmp:exec,mode=1777 --tmpfs /workdir:exec,mode=1777 --workdir /workdir \
    --env KNOWN="$(cat "$(dirname "${BASH_SOURCE[0]}")/test/known.c")" \
    "${1:-joyoi}" bash -c "$(cat "${BASH_SOURCE[0]}")" accuracy.sh --inside "${2:-10}"
fi

readonly RUNS=$2
gcc -O1 -pthread -x c -o known - <<< "$KNOWN"
printf '%s cores, Linux %s, cgroup version %s, %s runs each\n\n' \
  "$(nproc)" "$(uname -r)" "$([[ -e /sys/fs/cgroup/cgroup.controllers ]] && echo 2 || echo 1)" "$RUNS"

# report KEY: a number of the last report.
report() { jq ".$1" runner.json; }

# row WHAT KNOWN BOUND UNIT MEASURED...: a line of the table. BOUND is what a difference may be where that is more than five per cent.
row() {
  python3 - "$@" << 'PYTHON'
import sys

what, known, bound, unit, *measured = sys.argv[1:]
known, bound, measured = float(known), float(bound), sorted(map(float, measured))
digits = 1 if unit == "MB" else 0
worst = max((value - known for value in measured), key=abs)
print(f"| {what} | {known:g} {unit} | {measured[0]:.{digits}f} to {measured[-1]:.{digits}f} | {worst:+.{digits}f} {unit} ({worst / known:+.1%})",
      f"| {'yes' if abs(worst) <= max(bound, known / 20) else '**no**'} |")
PYTHON
}

# measure WHAT KNOWN BOUND UNIT EXPRESSION COMMAND: runs it again and again, and makes a line of what jq makes of its report.
measure() {
  local what=$1 known=$2 bound=$3 unit=$4 expression=$5 command=$6 run values=()
  for ((run = 0; run < RUNS; run++)); do
    runner <<< "20000 60000 0 0 200"$'\n'"$command"
    [[ $(report 'ExitCode') == 0 && $(report Limit) == null ]] || { cat runner.json >&2; exit 1; }
    values+=("$(report "$expression")")
  done
  row "$what" "$known" "$bound" "$unit" "${values[@]}"
}

echo '| memory | known | measured | largest difference | within 5 % or 1 MB |'
echo '| --- | --- | --- | --- | --- |'
for kind in heap mmap shared sysv shm; do
  for processes in 1 4; do
    for amount in 8 100; do
      measure "$kind, processes: $processes" "$amount" 1 MB "PeakMemory / 1048576" "./known memory $kind $amount $processes"
    done
  done
done
echo
echo '| CPU time | known | measured | largest difference | within 5 % or 10 ms |'
echo '| --- | --- | --- | --- | --- |'
for who in one threads children unseen orphans; do
  for amount in 40 200 1000; do
    measure "$who" "$amount" 10 ms "UserTime + .SystemTime" "./known cpu $who $amount"
  done
done
