# shellcheck shell=bash
# joyoi test: all tests of all modules, on machinery of their own, and a look at what they left behind.

TEST_LANGUAGES=all

test_usage() {
  cat <<'USAGE'
joyoi test [--all]        all tests of all modules, on two Docker daemons and a MariaDB that it starts and removes
joyoi test --config FILE  those that harm nobody, on the nodes and the database of an appsettings.json

  --all           also the tests that take long (JUnit's tag "long"), and those that run actors again under each
                  Container.Reuse that is not the default
  --config        nothing is killed, nothing foreign is touched, and what the tests make is removed; it says for each
                  node what passed, what is not possible there, and what was left out and why. Exit code 0 when
                  nothing failed, 1 when something did, 2 when the file can't be used
  --reports DIR   with --config: where JUnit's XML goes; .joyoi/reports unless given
USAGE
}

cmd_test() {
  local all=no config='' reports=$STATE/reports
  while (($# > 0)); do
    case $1 in
      --config | --reports) (($# > 1)) || usage_error "test: $1 needs a value" ;;&
      --all) all=yes ;;
      --config) config=$2; shift ;;
      --reports) reports=$2; shift ;;
      --help | -h)
        test_usage
        return 0
        ;;
      *) usage_error "test: unknown argument '$1'; --help tells more" ;;
    esac
    shift
  done
  [[ -z $config || $all == no ]] || usage_error "test: --all is for the tests' own nodes, --config for yours"
  if [[ -n $config ]]; then
    test_own_nodes "$config" "$reports"
  else
    test_all_modules "$all"
  fi
}

test_all_modules() {
  local all=$1 began=$SECONDS status=0 reuse
  open_log "$STATE/logs/test-$$.log"
  at_end forget_old_logs
  ensure_docker_client
  ensure_docker_engine
  ensure_test_tools
  ensure_image_tools
  ensure_jdk
  ensure_maven

  # Sockets lie in these folders, so their paths are short.
  BED=$(mktemp -d /tmp/joyoi-bed.XXXXXX)
  at_end stop_bed
  TEST_TMP=$(mktemp -d /tmp/joyoi-tmp.XXXXXX)
  at_end remove_folder "$TEST_TMP"
  step "start two Docker daemons and a MariaDB" "$TESTBED" start "$BED"
  load_node_image
  # Not `source <(…)`: a failure there would go unseen.
  "$TESTBED" env "$BED" >"$TEST_TMP/env"
  # shellcheck source=/dev/null
  source "$TEST_TMP/env"
  rm "$TEST_TMP/env"
  at_end end_test_processes

  if [[ -x $ROOT/node-image/runner/test.sh ]]; then
    attempt "tests of the runner" on_node 1 "$ROOT/node-image/runner/test.sh" "$IMAGE" || status=1
  fi
  if [[ -x $ROOT/node-image/agent/test.sh ]]; then
    attempt "tests of the agent" on_node 1 "$ROOT/node-image/agent/test.sh" "$IMAGE" || status=1
  fi
  attempt "tests of all modules" run_maven "$all" || status=1
  if [[ $all == yes ]]; then
    for reuse in never always; do
      attempt "tests that run actors, under Container.Reuse $reuse" run_maven_under "$reuse" || status=1
    done
  fi
  summarize_reports || status=1
  report_leftovers || status=1
  step "stop the daemons and the MariaDB" "$TESTBED" stop "$BED"
  report_processes || status=1
  if ((status == 0)); then
    say "✓ all tests passed ($(elapsed_since "$began")); the log: $LOG_FILE"
  else
    warn "the tests failed ($(elapsed_since "$began")); the log: $LOG_FILE"
  fi
  return "$status"
}

TESTBED=$ROOT/joyoi-functional-tests/testbed.sh

stop_bed() { "$TESTBED" stop "$BED"; }

# --fail-at-end: a failure in one module hides nothing about those that don't depend on it.
run_maven() {
  local options=()
  [[ $1 == no ]] || options+=(-DexcludedGroups=)
  rm -rf "$ROOT"/joyoi-*/target/surefire-reports
  with_maven_java mvn -B -ntp -f "$ROOT/pom.xml" verify --fail-at-end "-DargLine=-Djava.io.tmpdir=$TEST_TMP" \
    "${options[@]}"
}

# After run_maven, which has packaged the service that they start. Their reports stand beside those of before.
run_maven_under() {
  JOYOI_TEST_REUSE=$1 with_maven_java mvn -B -ntp -f "$ROOT/pom.xml" test -pl joyoi-functional-tests -am \
    "-DargLine=-Djava.io.tmpdir=$TEST_TMP" -Dgroups=runs-actors "-Dsurefire.reportNameSuffix=reuse-$1"
}

on_node() { env -u DOCKER_CONTEXT DOCKER_HOST="unix://$BED/n$1/docker.sock" "${@:2}"; }

# Built on one daemon, loaded into the other, and kept as a file for the next run.
load_node_image() {
  local cache tar
  cache=$STATE/cache
  tar=$cache/image-$(image_hash "$TEST_LANGUAGES").tar
  lock_build
  if [[ ! -e $tar ]]; then
    step "build the node image with all languages" on_node 1 "$ROOT/node-image/build.sh" --tag "$IMAGE" \
      --languages "$TEST_LANGUAGES"
    mkdir -p "$cache"
    rm -f "$cache"/image-*
    step "keep the image for the next run" on_node 1 docker save -o "$tar.new" "$IMAGE"
    mv "$tar.new" "$tar"
    step "load the image into the second daemon" on_node 2 docker load -q -i "$tar"
  else
    step "load the node image into both daemons" "$TESTBED" load "$BED" "$tar"
  fi
  unlock_build
}

# One line per module, and the names of the tests that did not pass. A skipped test proves nothing: it counts as failed.
summarize_reports() {
  local module reports bad=0
  for module in "$ROOT"/joyoi-*; do
    reports=$module/target/surefire-reports
    if ! compgen -G "$reports/TEST-*.xml" >/dev/null; then
      [[ $module != *-tests ]] || { warn "$(basename "$module"): no test ran"; bad=1; }
      continue
    fi
    awk -v module="$(basename "$module")" '
      function number(name,   text) {
        if (!match($0, " " name "=\"[0-9]+\"")) return 0
        text = substr($0, RSTART, RLENGTH)
        gsub(/[^0-9]/, "", text)
        return text + 0
      }
      /<testsuite / { tests += number("tests"); failed += number("failures") + number("errors"); skipped += number("skipped") }
      END {
        printf "  %-24s %d tests, %d failed, %d skipped\n", module, tests, failed, skipped
        exit failed + skipped > 0
      }' "$reports"/TEST-*.xml || bad=1
    grep -lE '<(failure|error|skipped)[ />]' "$reports"/TEST-*.xml 2>/dev/null |
      sed 's|.*/TEST-\(.*\)\.xml|    not passed: \1|' || true
  done
  return "$bad"
}

# While the daemons still run: containers, volumes and temporary files of the tests.
report_leftovers() {
  local n found bad=0
  for n in 1 2 3; do
    if ! found=$(on_node "$n" docker ps -aq --no-trunc && on_node "$n" docker volume ls -q); then
      warn "node $n does not answer after the tests"
      bad=1
    fi
    if [[ -n $found ]]; then
      warn "left on node $n by the tests: $(tr '\n' ' ' <<<"$found")"
      bad=1
    fi
  done
  found=$(ls -A "$TEST_TMP")
  if [[ -n $found ]]; then
    warn "temporary files left by the tests: $(tr '\n' ' ' <<<"$found")"
    bad=1
  fi
  return "$bad"
}

# Whoever was started by a test has inherited the name of the bed, however far it has gone from its parent.
test_processes() {
  local entry pid
  for entry in /proc/[0-9]*; do
    pid=${entry#/proc/}
    [[ $pid == "$$" || $pid == "$BASHPID" ]] && continue
    if { tr '\0' '\n' <"$entry/environ"; } 2>/dev/null | grep -qxF "JOYOI_TEST_BED_DIR=$BED"; then
      echo "$pid"
    fi
  done
}

report_processes() {
  local pid bad=0
  for pid in $(test_processes); do
    warn "process left by the tests: $pid $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")"
    bad=1
  done
  [[ ! -e $BED ]] || { warn "$BED was not removed"; bad=1; }
  return "$bad"
}

end_test_processes() {
  local pid
  for pid in $(test_processes); do kill -KILL "$pid" 2>/dev/null; done
}
