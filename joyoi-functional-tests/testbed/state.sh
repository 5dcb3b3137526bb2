# shellcheck shell=bash
# Paths, settings and waiting that the parts of the test bed share. BED is the test bed's folder.

MARKER=.joyoi-testbed

bed_fail() {
  printf 'testbed: %s\n' "$*" >&2
  exit 1
}

# Files are read by others while they are written: complete or not there.
write_file() {
  cat >"$1.new"
  mv "$1.new" "$1"
}

# Stored in BED/settings by `start`, so that every later call knows them: ports and addresses.
setting() { sed -n "s/^$1=//p" "$BED/settings" 2>/dev/null; }

# wait_for NAME SECONDS COMMAND…: until COMMAND succeeds; polls, since no daemon here tells when it is ready. A daemon
# that ended is reported with its last words.
wait_for() {
  local name=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    is_alive "$(pid_of "$name")" || bed_fail "$name ended: $(tail -n 3 "$BED/log/$name.log")"
    ((SECONDS < deadline)) || bed_fail "$name is not ready in time: $(tail -n 3 "$BED/log/$name.log")"
    sleep 0.2
  done
}

is_alive() { [[ -n $1 ]] && kill -0 "$1" 2>/dev/null && [[ $(process_state "$1") != Z ]]; }

process_state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null; }

# spawn NAME COMMAND…: a daemon in a session of its own, so that Ctrl-C at the terminal does not reach it before
# its users are done; output to BED/log/NAME.log, id in BED/run/NAME.pid. The lock of `start` (9) is not inherited.
spawn() {
  local name=$1
  shift
  setsid "$@" >>"$BED/log/$name.log" 2>&1 </dev/null 9<&- &
  echo "$!" | write_file "$BED/run/$name.pid"
}

pid_of() { cat "$BED/run/$1.pid" 2>/dev/null || true; }

# All processes that carry this bed's folder in their command line: daemons, and what the daemons started.
bed_processes() {
  local entry pid
  for entry in /proc/[0-9]*; do
    pid=${entry#/proc/}
    [[ $pid == "$$" || $pid == "$BASHPID" || $pid == "$PPID" ]] && continue
    if { tr '\0' '\n' <"$entry/cmdline"; } 2>/dev/null | grep -qF -- "$BED/"; then
      case $(basename "$(readlink "$entry/exe" 2>/dev/null)") in
        dockerd* | containerd* | runc* | crun* | mariadbd* | mysqld*) echo "$pid" ;;
      esac
    fi
  done
}
