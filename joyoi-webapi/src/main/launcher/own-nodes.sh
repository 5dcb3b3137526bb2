# shellcheck shell=bash
# joyoi test --config: the functional tests that harm nobody, against an operator's nodes and database.

SUITE_MODULE=joyoi-functional-tests

# test_own_nodes CONFIG REPORTS
test_own_nodes() {
  local config=$1 reports=$2 began=$SECONDS folder status=0 terminal=''
  [[ -r $config ]] || usage_error "test: --config $config: no such file, or not readable"
  open_log "$STATE/logs/own-nodes-$$.log"
  at_end forget_old_logs
  ensure_jdk
  ensure_maven
  folder=$(mktemp -d /tmp/joyoi-own.XXXXXX)
  at_end remove_folder "$folder"
  lock_build
  step "build the tests" build_suite "$folder/classpath"
  unlock_build
  [[ ! -t 1 || -n ${NO_COLOR:-} ]] || terminal=terminal
  mkdir -p "$reports"
  rm -f "$reports"/TEST-*.xml
  # The carriers as for the service: a state machine that blocks one must not hold up the others.
  show_child "$JDK/bin/java" -XX:+UseSerialGC -Xmx512m "-Dbasedir=$ROOT/$SUITE_MODULE" "-Djava.io.tmpdir=$folder" \
    "-Djdk.virtualThreadScheduler.parallelism=$MIN_CARRIERS" -cp "$(<"$folder/classpath")" \
    com.joyoi.management.functional.ownnodes.OwnNodes "$config" "$reports" "$LOG_FILE" "$folder/data" "$terminal" ||
    status=$?
  say
  case $status in
    0) say "✓ nothing failed ($(elapsed_since "$began")); JUnit's XML: $reports, the log: $LOG_FILE" ;;
    1) warn "something failed ($(elapsed_since "$began")); JUnit's XML: $reports, the log: $LOG_FILE" ;;
    2) warn "the configuration can't be used" ;;
    *) warn "the tests ended with exit status $status; the log: $LOG_FILE" ;;
  esac
  return "$status"
}

# build_suite FILE: compiles the tests, and writes their class path to FILE. Every module overwrites it; theirs comes last.
build_suite() {
  local own=$ROOT/$SUITE_MODULE/target/test-classes
  with_maven_java mvn -B -ntp -f "$ROOT/pom.xml" -pl "$SUITE_MODULE" -am test-compile dependency:build-classpath \
    -Dspotless.check.skip=true "-Dmdep.outputFile=$1.rest" || return
  printf '%s:%s' "$own" "$(<"$1.rest")" >"$1"
}
