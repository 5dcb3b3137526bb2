# shellcheck shell=bash
# What the user sees: one line per step, the details in a log file that is named when a step fails.

LOG_FILE=/dev/null
TAIL_LINES=25

say() { printf '%s\n' "$*"; }

warn() { printf 'joyoi: %s\n' "$*" >&2; }

die() {
  warn "$@"
  exit 1
}

usage_error() {
  warn "$1"
  warn "see: ./joyoi help"
  exit 2
}

# open_log FILE: the steps that follow write there; a file of an earlier run is replaced.
open_log() {
  mkdir -p "$(dirname "$1")"
  : >"$1"
  LOG_FILE=$1
}

elapsed_since() { printf '%d s' "$((SECONDS - $1))"; }

# wait_with_progress PID LABEL: a line that counts seconds on a terminal, else a line every 30 s, so that
# a log of a build server shows that something happens. Returns the exit status of PID.
wait_with_progress() {
  local pid=$1 label=$2 began=$SECONDS shown=$SECONDS marks="|/-\\" turn=0 status=0
  while kill -0 "$pid" 2>/dev/null; do
    if [[ -t 1 ]]; then
      printf '\r\033[K%s %s %s' "${marks:turn++%4:1}" "$label" "$(elapsed_since "$began")"
    elif ((SECONDS - shown >= 30)); then
      shown=$SECONDS
      say "  … $label, $(elapsed_since "$began")"
    fi
    # read with a time-out on a descriptor that never has input: a nap that a signal ends at once.
    read -r -t 0.2 -u "$NAP_FD" || true
  done
  [[ -t 1 ]] && printf '\r\033[K'
  wait "$pid" || status=$?
  return "$status"
}

# attempt LABEL COMMAND…: runs COMMAND with its output in the log; when it fails, shows the end of that, and returns
# its exit status.
attempt() {
  local label=$1 began=$SECONDS status=0 log_size
  shift
  printf '\n== %s\n' "$label" >>"$LOG_FILE"
  log_size=$(stat -c %s "$LOG_FILE")
  start_child "$@"
  wait_with_progress "$CHILD_PID" "$label" || status=$?
  forget_child "$CHILD_PID"
  if ((status == 0)); then
    say "✓ $label ($(elapsed_since "$began"))"
    return 0
  fi
  say "✗ $label ($(elapsed_since "$began"), exit status $status)"
  tail -c "+$((log_size + 1))" "$LOG_FILE" | tail -n "$TAIL_LINES" | sed 's/^/    /' >&2
  warn "the whole log: $LOG_FILE"
  return "$status"
}

# step LABEL COMMAND…: the same, and stops the launcher when COMMAND fails.
step() { attempt "$@" || exit; }
