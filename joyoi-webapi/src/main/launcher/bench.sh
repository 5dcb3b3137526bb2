# shellcheck shell=bash
# joyoi bench: what the service takes, beside what the engine takes, on machinery of its own.

bench_usage() {
  cat <<'USAGE'
joyoi bench [--rows a,b] [--quick] [--out DIR] [--doc] [--profile]
                  measures the service, end to end through HTTP, on a Docker daemon and a MariaDB that it starts and
                  removes: each row and what it is compared with in turn. Prints a table, and writes it as JSON and as
                  SVG charts. Takes about 20 minutes; nothing else should use the machine meanwhile

  --rows a,b      only these; --rows list prints all of them
  --quick         one short round of each row: shows that the rows work, and measures nothing
  --out DIR       where JSON, charts and profiles go; .joyoi/bench unless given
  --doc           also puts table and charts into docs/performance.md; rows that were not measured keep their values
  --profile       records what the service does in each row, by JDK Flight Recorder, which costs it some per cent
Exit code 0 when every row was measured, whether or not it reached its goal.
USAGE
}

cmd_bench() {
  local began=$SECONDS status=0 rows='' out=$STATE/bench doc=no arguments=()
  while (($# > 0)); do
    case $1 in
      --rows | --out) (($# > 1)) || usage_error "bench: $1 needs a value" ;;&
      --rows) rows=$2; shift ;;
      --out) out=$2; shift ;;
      --doc) doc=yes ;;
      --quick | --profile) arguments+=("$1") ;;
      --help | -h)
        bench_usage
        return 0
        ;;
      *) usage_error "bench: unknown argument '$1'; --help tells more" ;;
    esac
    shift
  done
  open_log "$STATE/logs/bench-$$.log"
  at_end forget_old_logs
  ensure_jdk
  ensure_maven
  TEST_TMP=$(mktemp -d /tmp/joyoi-tmp.XXXXXX)
  at_end remove_folder "$TEST_TMP"
  lock_build
  step "build the benchmark" build_suite "$TEST_TMP/classpath"
  unlock_build
  if [[ $rows == list ]]; then
    run_bench --list
    return
  fi
  [[ -z $rows ]] || arguments+=(--rows "$rows")
  # Before anything is started that takes long.
  run_bench --list "${arguments[@]}" >>"$LOG_FILE" || return
  ensure_jar
  start_bench_bed
  profile_note "${arguments[@]}"
  [[ $doc == no ]] || arguments+=(--doc "$ROOT/docs/performance.md")
  run_bench --out "$out" "${arguments[@]}" || status=$?
  summarize_profiles "$out/profiles" "${arguments[@]}"
  step "stop the daemons and the MariaDB" "$TESTBED" stop "$BED"
  report_processes || status=1
  say "JSON and charts: $out ($(elapsed_since "$began")); the log: $out/bench.log"
  return "$status"
}

start_bench_bed() {
  ensure_docker_client
  ensure_docker_engine
  ensure_programs mariadbd:mariadb-server-core mariadb-install-db:mariadb-server-core mariadb:mariadb-client-core \
    openssl:openssl curl:curl setsid:util-linux flock:util-linux lsblk:util-linux
  ensure_image_tools
  ensure_fonts
  BED=$(mktemp -d /tmp/joyoi-bed.XXXXXX)
  at_end stop_bed
  step "start two Docker daemons and a MariaDB" "$TESTBED" start "$BED"
  load_node_image
  step "flush every commit" flush_every_commit
  "$TESTBED" env "$BED" >"$TEST_TMP/env"
  # shellcheck source=/dev/null
  source "$TEST_TMP/env"
  rm "$TEST_TMP/env"
  at_end end_test_processes
}

# The tests' own setting is for tests that kill servers, not machines.
flush_every_commit() {
  as_root mariadb --no-defaults --socket="$BED/db/db.sock" -u root -e 'SET GLOBAL innodb_flush_log_at_trx_commit = 1'
}

# Without any font Java can't even measure a text; charts name a font that every browser has.
ensure_fonts() {
  command -v fc-list >/dev/null && [[ -n $(fc-list 2>/dev/null) ]] && return 0
  ensure_programs fc-list:fontconfig
  [[ -z $(fc-list) ]] || return 0
  require_root "installing fonts-dejavu-core"
  step "install fonts-dejavu-core" apt_install fonts-dejavu-core
}

# The service is started as `serve` starts it.
run_bench() {
  local options=() words=() quiet=() option
  # JMH uses what newer Javas warn about.
  (($(jdk_major "$JDK") < 24)) || quiet+=(--sun-misc-unsafe-memory-access=allow)
  if [[ -n ${JAR:-} ]]; then
    mapfile -t options < <(java_options)
    for option in "${options[@]}"; do words+=(--jvm-option "$option"); done
  fi
  show_child "$JDK/bin/java" "${quiet[@]}" -XX:+UseSerialGC -Xmx512m \
    -Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener -Djava.awt.headless=true "-Dbasedir=$ROOT/$SUITE_MODULE" \
    "-Djava.io.tmpdir=$TEST_TMP" "-Djoyoi.jar=${JAR:-}" "-Djoyoi.terminal=$([[ -t 1 ]] && echo true)" \
    -cp "$(<"$TEST_TMP/classpath")" com.joyoi.management.functional.bench.Bench "${words[@]}" "$@"
}

profile_note() { [[ " $* " != *' --profile '* ]] || say "each row is recorded: the times are some per cent longer"; }

# summarize_profiles FOLDER ARGUMENT…: the hottest methods of each recording as text beside it.
summarize_profiles() {
  local folder=$1 file
  shift
  [[ " $* " == *' --profile '* ]] || return 0
  for file in "$folder"/*.jfr; do
    [[ -e $file ]] || continue
    {
      "$JDK/bin/jfr" view --width 160 hot-methods "$file"
      "$JDK/bin/jfr" view --width 160 allocation-by-site "$file"
      "$JDK/bin/jfr" view --width 160 contention-by-site "$file"
      "$JDK/bin/jfr" view --width 160 gc-pauses "$file"
    } >"${file%.jfr}.txt" 2>>"$LOG_FILE" || warn "$file can't be read"
    say "profile: $file, its hottest methods: ${file%.jfr}.txt"
  done
}
