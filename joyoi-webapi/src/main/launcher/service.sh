# shellcheck shell=bash
# Runs the service: in the foreground for `serve`, in the background for `demo`.

# From its JVM's start to the line that says it is ready; a slow machine may take long, a dead service is seen at once.
READY_DEADLINE=120
STOP_SECONDS=30
# Two state machines in a busy loop take two carrier threads for themselves, so there are more of them than cores;
# a carrier that blocks in native code is replaced, up to the pool's maximum.
MIN_CARRIERS=8
CARRIERS_PER_CORE=4
MAX_CARRIERS=256

# -Xms: else the heap begins with a share of the machine's memory, and the idle service takes 250 MB in place of 175.
# SharedArchiveFile: parsed classes, written at the first clean end and used from then on; it halves the time to be ready.
# What can't go into it is told as warnings, which are not for the user.
# One word per line. JOYOI_JAVA_OPTIONS comes last, so that it wins.
java_options() {
  local carriers=$((CARRIERS_PER_CORE * $(nproc)))
  ((carriers >= MIN_CARRIERS)) || carriers=$MIN_CARRIERS
  ((carriers <= MAX_CARRIERS)) || carriers=$MAX_CARRIERS
  printf '%s\n' -XX:+UseSerialGC -Xms32m -Xmx512m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 \
    -XX:+ExitOnOutOfMemoryError \
    -XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=${JAR%.jar}.jsa" -Xlog:disable -Xlog:all=error:stderr \
    "-Djdk.virtualThreadScheduler.parallelism=$carriers" \
    "-Djdk.virtualThreadScheduler.maxPoolSize=$MAX_CARRIERS"
  # shellcheck disable=SC2086
  [[ -z ${JOYOI_JAVA_OPTIONS:-} ]] || printf '%s\n' $JOYOI_JAVA_OPTIONS
}

cmd_serve() {
  local options=() config=${JOYOI_CONFIG:-}
  local args=("$@")
  while (($# > 0)); do
    case $1 in
      --config) config=${2:-} ;;
      --config=*) config=${1#*=} ;;
    esac
    shift
  done
  [[ -n $config || ! -e appsettings.json ]] || config=appsettings.json
  open_log "$STATE/logs/serve-$$.log"
  at_end forget_old_logs
  ensure_jdk
  ensure_jar
  if uses_local_engine "$config"; then
    ensure_engine
    if ! local_engine docker image inspect "$IMAGE" &>/dev/null; then ensure_image; fi
    [[ $ENGINE_IS_OURS == no ]] || keep_engine
  fi
  forget_old_logs
  mapfile -t options < <(java_options)
  exec "$JDK/bin/java" "${options[@]}" -jar "$JAR" serve "${args[@]}"
}

# Without a configuration the service's one node is the local engine.
uses_local_engine() { [[ -z $1 ]] || grep -qs 'unix://' "$1"; }

# start_service FOLDER: leaves its process id in SERVICE_PID. FOLDER gets the configuration, the data and the log.
start_service() {
  local folder=$1 options=()
  mkdir -p "$folder"
  chmod 700 "$folder"
  echo '{ "JoyOIManagement": { "DataDir": "data" } }' >"$folder/appsettings.json"
  mapfile -t options < <(java_options)
  SERVICE_LOG=$folder/service.log
  : >"$SERVICE_LOG"
  # Port 0: the service takes one that is free, and says which.
  start_child_to "$SERVICE_LOG" exec "$JDK/bin/java" "${options[@]}" -jar "$JAR" serve \
    --config "$folder/appsettings.json" --port 0
  SERVICE_PID=$CHILD_PID
}

# From the line that the service prints when it is ready; nothing before that.
service_url() { sed -n 's/.* is ready at \(http[^ ]*\).*/\1/p' "$SERVICE_LOG" | head -n 1; }

await_service() {
  local deadline=$((SECONDS + READY_DEADLINE))
  until [[ -n $(service_url) ]]; do
    if ! kill -0 "$SERVICE_PID" 2>/dev/null; then
      echo "the service ended before it was ready:"
      tail -n 20 "$SERVICE_LOG"
      return 1
    fi
    if ((SECONDS >= deadline)); then
      echo "the service is not ready after $READY_DEADLINE s:"
      tail -n 20 "$SERVICE_LOG"
      return 1
    fi
    sleep 0.1
  done
}
