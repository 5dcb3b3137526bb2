# shellcheck shell=bash
# joyoi chaos: breaks services, nodes, the database and the network under load, and looks whether all promises hold.

chaos_usage() {
  cat <<'USAGE'
joyoi chaos [--rounds N] [--seed S] [--faults PATTERN] [--from N] [--galera] [--out DIR] [--doc]
                    starts two Docker daemons and a MariaDB, and one or two services as processes; each round submits
                    30 instances, breaks something and heals it, and then looks whether every instance has ended as
                    it must, once, with the right outputs, and whether nothing is left. A round takes 10 to 60 s

  --rounds N        20 unless given; the second half of them with two services
  --seed S          decides all that is chosen, so that rounds can be repeated; one by chance unless given
  --faults PATTERN  only those whose names have this regular expression in them; --faults list prints all
  --from N          begins with that round; with the same --out, the table also has those before it
  --galera          with a cluster of three MariaDB nodes as the database, which have faults of their own
  --out DIR         where the log, the table and the services' logs go; .joyoi/chaos unless given
  --doc             also puts the table into docs/reliability.md
Exit code 0 when nothing was lost, wrongly failed, doubled or left, 1 otherwise.
USAGE
}

cmd_chaos() {
  local began=$SECONDS status=0 out=$STATE/chaos list=no kind=--own-disks arguments=()
  while (($# > 0)); do
    case $1 in
      --rounds | --seed | --faults | --from | --out) (($# > 1)) || usage_error "chaos: $1 needs a value" ;;&
      --out) out=$2; shift ;;
      --faults) if [[ $2 == list ]]; then list=yes; else arguments+=("$1" "$2"); fi; shift ;;
      --rounds | --seed | --from) arguments+=("$1" "$2"); shift ;;
      --galera)
        kind=--galera
        arguments+=(--galera)
        ;;
      --doc) arguments+=(--doc "$ROOT/docs/reliability.md") ;;
      --help | -h)
        chaos_usage
        return 0
        ;;
      *) usage_error "chaos: unknown argument '$1'; --help tells more" ;;
    esac
    shift
  done
  open_log "$STATE/logs/chaos-$$.log"
  at_end forget_old_logs
  ensure_jdk
  ensure_maven
  TEST_TMP=$(mktemp -d /tmp/joyoi-tmp.XXXXXX)
  at_end remove_folder "$TEST_TMP"
  lock_build
  step "build the faults" build_suite "$TEST_TMP/classpath"
  unlock_build
  if [[ $list == yes ]]; then
    run_chaos --list
    return
  fi
  # Before anything is started that takes long.
  run_chaos --list "${arguments[@]}" >>"$LOG_FILE" || return
  ensure_jar
  start_chaos_bed "$kind"
  run_chaos --out "$out" "${arguments[@]}" || status=$?
  step "stop the daemons and the MariaDB" "$TESTBED" stop "$BED"
  report_processes || status=1
  say "the table and all logs: $out ($(elapsed_since "$began"))"
  return "$status"
}

start_chaos_bed() {
  ensure_docker_client
  ensure_docker_engine
  ensure_programs mariadbd:mariadb-server-core mariadb-install-db:mariadb-server-core mariadb:mariadb-client-core \
    openssl:openssl curl:curl setsid:util-linux flock:util-linux lsblk:util-linux mkfs.ext4:e2fsprogs faketime:faketime
  [[ $1 != --galera ]] || ensure_galera
  ensure_image_tools
  BED=$(mktemp -d /tmp/joyoi-bed.XXXXXX)
  at_end stop_bed
  step "start two Docker daemons and a MariaDB" "$TESTBED" start "$BED" "$1"
  load_node_image
  "$TESTBED" env "$BED" >"$TEST_TMP/env"
  # shellcheck source=/dev/null
  source "$TEST_TMP/env"
  rm "$TEST_TMP/env"
  at_end end_test_processes
}

ensure_galera() {
  [[ -z $(find /usr/lib -name libgalera_smm.so 2>/dev/null) ]] || return 0
  require_root "installing galera-4"
  step "install galera-4" apt_install galera-4
}

faketime_library() { find /usr/lib /usr/local/lib -name libfaketime.so.1 2>/dev/null | head -n 1; }

# The services are started as `serve` starts them.
run_chaos() {
  local options=() words=() option
  if [[ -n ${JAR:-} ]]; then
    mapfile -t options < <(java_options)
    for option in "${options[@]}"; do words+=(--jvm-option "$option"); done
  fi
  show_child "$JDK/bin/java" -XX:+UseSerialGC -Xmx512m \
    -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener "-Dbasedir=$ROOT/$SUITE_MODULE" \
    "-Djava.io.tmpdir=$TEST_TMP" "-Djoyoi.jar=${JAR:-}" "-Djoyoi.faketime=$(faketime_library)" \
    -cp "$(<"$TEST_TMP/classpath")" com.joyoi.management.functional.chaos.Chaos "${words[@]}" "$@"
}
