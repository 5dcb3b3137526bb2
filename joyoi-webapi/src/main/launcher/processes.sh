# shellcheck shell=bash
# Whatever the launcher starts is stopped by it, however it ends: each child has a process group of its own
# (so that what the child starts is reached too), and clean-ups run last in, first out.

CHILD_GROUPS=()
CLEANUPS=()
CHILD_PID=
NAP_FD=

# start_child COMMAND…: runs COMMAND (a program or a shell function) in its own process group, output to the
# log, and leaves its id in CHILD_PID.
start_child() { start_child_to "$LOG_FILE" "$@"; }

# start_child_to FILE COMMAND…: an empty FILE is the launcher's own output.
start_child_to() {
  local file=$1
  shift
  set -m
  (
    set +m
    trap - EXIT INT TERM HUP
    [[ -z $file ]] || exec >>"$file" 2>&1
    "$@"
  ) </dev/null &
  CHILD_PID=$!
  set +m
  CHILD_GROUPS+=("$CHILD_PID")
}

forget_child() {
  local kept=() group
  for group in "${CHILD_GROUPS[@]}"; do
    [[ $group == "$1" ]] || kept+=("$group")
  done
  CHILD_GROUPS=("${kept[@]}")
}

# stop_group PID SECONDS: TERM, then KILL for what is still there after SECONDS.
stop_group() {
  local deadline=$((SECONDS + $2))
  kill -TERM -- "-$1" 2>/dev/null || true
  while group_is_alive "$1" && ((SECONDS < deadline)); do
    nap 0.1
  done
  kill -KILL -- "-$1" 2>/dev/null || true
  forget_child "$1"
}

# kill -0 would count the dead that nobody has waited for yet.
group_is_alive() {
  local file line fields
  for file in /proc/[0-9]*/stat; do
    { read -r line <"$file"; } 2>/dev/null || continue
    # After the name, which may contain anything: state, parent, group.
    read -r -a fields <<<"${line##*) }"
    [[ ${fields[2]} != "$1" || ${fields[0]} == [ZX] ]] || return 0
  done
  return 1
}

nap() { read -r -t "$1" -u "$NAP_FD" || true; }

# at_end COMMAND…: run when the launcher ends, whatever the reason.
at_end() {
  local quoted
  printf -v quoted '%q ' "$@"
  CLEANUPS+=("$quoted")
}

forget_cleanup() {
  local kept=() entry quoted
  printf -v quoted '%q ' "$@"
  for entry in "${CLEANUPS[@]}"; do
    [[ $entry == "$quoted" ]] || kept+=("$entry")
  done
  CLEANUPS=("${kept[@]}")
}

run_cleanups() {
  local status=$? group i
  trap '' INT TERM HUP
  trap - EXIT
  set +e
  for group in "${CHILD_GROUPS[@]}"; do
    stop_group "$group" 20
  done
  for ((i = ${#CLEANUPS[@]} - 1; i >= 0; i--)); do
    eval "${CLEANUPS[i]}"
  done
  exit "$status"
}

# A pipe that this process holds at both ends: reading from it with a time-out is a nap without a process.
open_nap() { exec {NAP_FD}<> <(:); }

guard_processes() {
  open_nap
  trap run_cleanups EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
}
