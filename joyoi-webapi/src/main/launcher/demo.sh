# shellcheck shell=bash
# joyoi demo: everything from nothing to a table of verdicts.

cmd_demo() {
  local keep=no status=0 folder token=()
  while (($# > 0)); do
    case $1 in
      --keep) keep=yes ;;
      *) usage_error "demo: unknown argument $1" ;;
    esac
    shift
  done
  open_log "$STATE/logs/demo-$$.log"
  at_end forget_old_logs
  ensure_jdk
  ensure_jar
  ensure_engine
  ensure_image

  folder=$STATE/demo-$$
  at_end remove_folder "$folder"
  start_service "$folder"
  at_end save_service_log "$folder"
  step "start the service" await_service
  SERVICE_URL=$(service_url)

  # Written at the first start; what changes definitions needs it.
  [[ ! -e $folder/data/admin.token ]] || token=(--token-file "$folder/data/admin.token")
  say "judging the samples:"
  show_child "$JDK/bin/java" -XX:+UseSerialGC -Xmx128m -jar "$JAR" demo --url "$SERVICE_URL" \
    --samples "$ROOT/docs/samples" "${token[@]}" || status=$?

  if [[ $keep == yes ]]; then
    keep_demo "$folder"
  else
    step "stop the service" stop_group "$SERVICE_PID" "$STOP_SECONDS"
    forget_child "$SERVICE_PID"
  fi
  ((status == 0)) || warn "the demonstration failed with exit status $status; the service's log: $STATE/logs/service-$$.log"
  return "$status"
}

# Runs COMMAND with its output on the terminal.
show_child() {
  local status=0
  start_child_to '' "$@"
  wait "$CHILD_PID" || status=$?
  forget_child "$CHILD_PID"
  return "$status"
}

keep_demo() {
  forget_child "$SERVICE_PID"
  disown "$SERVICE_PID" 2>/dev/null || true
  forget_cleanup remove_folder "$1"
  forget_cleanup save_service_log "$1"
  say "the service stays at $SERVICE_URL, its data and log in $1"
  say "  stop it: kill $SERVICE_PID; then remove that folder"
  if [[ $ENGINE_IS_OURS == yes ]]; then
    if [[ -e $ENGINE_FOLDER/pid ]]; then
      say "  the Docker engine was started for it, and stays too: kill $(cat "$ENGINE_FOLDER/pid")"
    else
      say "  the Docker engine was started for it, and stays too: systemctl stop docker.socket docker"
    fi
    keep_engine
  fi
}

save_service_log() { cp "$1/service.log" "$STATE/logs/service-$$.log" 2>/dev/null || true; }

remove_folder() { rm -rf --one-file-system "$1"; }

# A handful of runs back is all that anybody looks at.
forget_old_logs() {
  local keep=20 file
  find "$STATE/logs" -type f -printf '%T@ %p\n' | sort -rn | tail -n "+$((keep + 1))" | cut -d' ' -f2- |
    while IFS= read -r file; do rm -f "$file"; done
}
