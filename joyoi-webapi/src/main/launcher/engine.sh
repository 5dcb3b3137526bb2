# shellcheck shell=bash
# The local Docker engine. Where none answers, one is started, and stopped again by the last launcher that uses it.
#
# users.lock is held, shared, by everyone who uses an engine; start.lock by whoever starts or stops one.

ENGINE_SOCKET=/var/run/docker.sock
ENGINE_FOLDER=/run/joyoi
ENGINE_DEADLINE=90

engine_answers() { curl -fsS --max-time 5 --unix-socket "$ENGINE_SOCKET" http://docker/_ping &>/dev/null; }

engine_is_up_for_root() { as_root curl -fsS --max-time 5 --unix-socket "$ENGINE_SOCKET" http://docker/_ping &>/dev/null; }

require_engine_access() {
  engine_answers && return 0
  die "a Docker engine runs, but ${USER:-this user} may not use $ENGINE_SOCKET: run as root, or add the user to the group docker"
}

# Leaves ENGINE_IS_OURS=yes when the engine is one that a launcher started.
ensure_engine() {
  ENGINE_IS_OURS=no
  ensure_programs curl:curl flock:util-linux
  ensure_docker_client
  if [[ ! -d $ENGINE_FOLDER ]]; then
    # Running already, started by somebody else: nothing to remember.
    engine_answers && return 0
    require_root "starting the Docker engine"
    engine_is_up_for_root && require_engine_access && return 0
  fi
  take_engine_locks
  at_end release_engine
  if ! engine_is_up_for_root; then
    require_root "starting the Docker engine"
    ensure_docker_engine
  fi
  # Its package may have started it.
  if ! engine_is_up_for_root; then
    step "start the Docker engine" start_engine
  fi
  flock -u "$ENGINE_START"
  [[ ! -e $ENGINE_FOLDER/pid && ! -e $ENGINE_FOLDER/systemd ]] || ENGINE_IS_OURS=yes
  require_engine_access
}

# Whoever stops the engine removes the files: a lock on one that is not there any more protects nothing.
take_engine_locks() {
  while true; do
    as_root mkdir -p -m 755 "$ENGINE_FOLDER"
    as_root touch "$ENGINE_FOLDER/users.lock" "$ENGINE_FOLDER/start.lock"
    exec {ENGINE_USERS}<"$ENGINE_FOLDER/users.lock" {ENGINE_START}<"$ENGINE_FOLDER/start.lock"
    flock -s "$ENGINE_USERS"
    flock -x "$ENGINE_START"
    [[ $ENGINE_FOLDER/start.lock -ef /proc/self/fd/$ENGINE_START &&
      $ENGINE_FOLDER/users.lock -ef /proc/self/fd/$ENGINE_USERS ]] && return 0
    exec {ENGINE_START}<&- {ENGINE_USERS}<&-
  done
}

start_engine() {
  local deadline=$((SECONDS + ENGINE_DEADLINE)) pid=
  as_root rm -f "$ENGINE_FOLDER/pid" "$ENGINE_FOLDER/systemd"
  if [[ -d /run/systemd/system ]]; then
    as_root touch "$ENGINE_FOLDER/systemd"
    as_root systemctl start docker
  else
    forget_dead_engine
    # Without the bridge and its rules it starts where the kernel has no netfilter; actors have no network anyway.
    # shellcheck disable=SC2016
    as_root setsid bash -c 'echo "$$" >"$1/pid"; exec dockerd --bridge=none --iptables=false >"$1/dockerd.log" 2>&1' \
      joyoi "$ENGINE_FOLDER" </dev/null {ENGINE_USERS}<&- {ENGINE_START}<&- &
    pid=$!
  fi
  until engine_is_up_for_root; do
    if [[ -n $pid ]] && ! kill -0 "$pid" 2>/dev/null; then
      tail -n 5 "$ENGINE_FOLDER/dockerd.log"
      return 1
    fi
    if ((SECONDS >= deadline)); then
      echo "no answer within $ENGINE_DEADLINE s; see $ENGINE_FOLDER/dockerd.log, or journalctl -u docker"
      return 1
    fi
    sleep 0.3
  done
}

# An engine that was killed leaves its number behind, and a new one refuses to start when another process has it by now.
forget_dead_engine() {
  local pid
  pid=$(cat /var/run/docker.pid 2>/dev/null) || return 0
  [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]] || as_root rm -f /var/run/docker.pid
}

# The last user stops an engine that a launcher started.
release_engine() {
  local pid
  flock -x "$ENGINE_START"
  if flock -n -x "$ENGINE_USERS"; then
    pid=$(cat "$ENGINE_FOLDER/pid" 2>/dev/null)
    if [[ -n $pid && $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd ]]; then
      as_root kill -TERM "$pid"
      while [[ $(cat "/proc/$pid/comm" 2>/dev/null) == dockerd && $(engine_process_state "$pid") != Z ]]; do nap 0.1; done
      say "✓ stop the Docker engine"
    elif [[ -e $ENGINE_FOLDER/systemd ]]; then
      as_root systemctl stop docker.socket docker
      say "✓ stop the Docker engine"
    fi
    as_root rm -rf "$ENGINE_FOLDER"
  fi
  exec {ENGINE_START}<&- {ENGINE_USERS}<&-
}

engine_process_state() { sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null; }

# From now on it is the user's: nobody stops it.
keep_engine() { as_root rm -f "$ENGINE_FOLDER/pid" "$ENGINE_FOLDER/systemd"; }
