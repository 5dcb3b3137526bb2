#!/usr/bin/env bash
# Compares a program's output with the expected one, or has the task's validator do so. The contract stands in README.md.
set -euo pipefail

# Validators are the task setter's own, but a mistake in one must not hold the node either. Of its memory a virtual machine gets two thirds as heap.
user_ms=10000 total_ms=20000 memory_mb=192 testlib=false
# Of what a validator prints, more than the message's 1,000 characters ever have.
readonly MESSAGE_BYTES=4096
# Above them cmp is faster than the shell, its start included.
readonly SMALL_BYTES=4096

die() { echo "CompareActor: $*" >&2; exit 1; }

# Most outputs are right, and most validators silent: this is what they get, without the time that starting jq takes.
accept() {
  echo '{"verdict": "Accepted", "message": ""}' > verdict.json
}

# Leaves a text without white space at the ends of its lines, and without empty lines at its end, in REPLY.
trim() {
  local lines=() line
  mapfile -t lines <<< "$1"
  REPLY=
  for line in "${lines[@]}"; do REPLY+=${line%"${line##*[![:space:]]}"}$'\n'; done
  while [[ $REPLY == *$'\n' ]]; do REPLY=${REPLY%$'\n'}; done
}

# Whether two files are the same for sure, else compare has to look. Small ones need no program: read succeeds when there is more, or a NUL byte.
same() {
  local LC_ALL=C one= other=
  if IFS= read -r -d '' -n $SMALL_BYTES one < "$1" || IFS= read -r -d '' -n $SMALL_BYTES other < "$2"; then
    cmp -s "$1" "$2"
  else
    if [[ $one == "$other" ]]; then return; fi
    trim "$one"
    one=$REPLY
    trim "$other"
    [[ $one == "$REPLY" ]]
  fi
}

# Writes verdict.json. By lines and words one at a time: an output of many small words would not fit into the memory as a list.
compare() {
  python3 -I -S - "$1" "$2" << 'PYTHON'
import itertools, json, os, re, sys

def lines(path):
    empty = 0
    with open(path, "rb") as file:
        for line in file:
            line = line.rstrip()
            if not line:
                empty += 1
                continue
            yield from itertools.repeat(b"", empty)
            empty = 0
            yield line

def words(path):
    with open(path, "rb") as file:
        for line in file:
            for match in re.finditer(rb"\S+", line):
                yield match.group()

def show(word):
    return "the end" if word is None else repr(word[:100].decode("utf-8", "replace"))

def shows_expected():
    if not os.path.exists("limit.json"):
        return False
    with open("limit.json", "rb") as file:
        limits = json.load(file)
    if not isinstance(limits, dict):
        sys.exit("CompareActor: limit.json is not an object")
    shows = limits.get("showExpected")
    if shows is not None and not isinstance(shows, bool):
        sys.exit(f"CompareActor: limit.json: showExpected is {json.dumps(shows)}, but must be true or false")
    return shows

def compare(expected, actual):
    if all(a == b for a, b in itertools.zip_longest(lines(expected), lines(actual))):
        return "Accepted", ""
    for number, (a, b) in enumerate(itertools.zip_longest(words(expected), words(actual)), 1):
        if a != b:
            return "WrongAnswer", f"word {number}: " + (f"expected {show(a)}, " if shows_expected() else "") + f"found {show(b)}"
    return "PresentationError", ""

verdict, message = compare(*sys.argv[1:])
with open("verdict.json", "w") as file:
    json.dump({"verdict": verdict, "message": message[:1000]}, file)
PYTHON
}

# What limit.json says of the validator; most say nothing, and jq's start would take longer than all the rest.
read_validator_limits() {
  local text= said
  if [[ -f limit.json ]]; then IFS= read -r -d '' text < limit.json || true; fi
  [[ $text == *'"validator"'* ]] || return 0
  said=$(jq -r '
    def whole($key; $default):
      if .[$key] == null then $default else .[$key] end
      | if type == "number" and . == floor and . >= 1 and . <= 86400000 then .
        else error("limit.json: validator.\($key) is \(tojson), but must be a whole number from 1 to 86400000") end;
    if type != "object" then error("limit.json is not an object") else . end
    | .validator // {}
    | if type != "object" then error("limit.json: validator is \(tojson), but must be an object") else . end
    | if .testlib | type == "boolean" or . == null then . else error("limit.json: validator.testlib is \(.testlib | tojson), but must be true or false") end
    | whole("userTimeMs"; 10000) as $user
    | "\($user) \(whole("totalTimeMs"; 2 * $user)) \(whole("memoryMb"; 192)) \(.testlib // false)"
  ' limit.json 2>&1) || die "limit.json can't be used: ${said#*: }"
  read -r user_ms total_ms memory_mb testlib <<< "$said"
}

# judge_by VERDICT [REASON [POINTS]]: the message is the beginning of what the validator printed, whatever bytes that has.
judge_by() {
  head -q -c $MESSAGE_BYTES check/stdout.txt check/stderr.txt \
    | jq -Rsc --arg verdict "$1" --arg message "${2:-}" --argjson points "${3:-null}" \
      '{verdict: $verdict, message: ($message + . | sub("\\s+$"; "") | .[0:1000])} + if $points == null then {} else {points: $points} end' > verdict.json
}

# Exit code 7 of testlib's: the points stand at the beginning of what it wrote to stderr.
judge_by_points() {
  local line=
  LC_ALL=C IFS= read -r -n 100 line < check/stderr.txt || true
  if [[ $line =~ ^points\ ([0-9]{1,9}(\.[0-9]{1,20})?)([[:space:]]|$) ]]; then
    judge_by PartiallyCorrect '' "$((10#${BASH_REMATCH[1]%%.*}))${BASH_REMATCH[2]}"
  else
    judge_by SystemError $'the validator ended with exit code 7, but its standard error does not begin with "points" and a number from 0\n'
  fi
}

run_validator() {
  local program= report= command stack files mode= code limit
  read_validator_limits
  command -v runner > /dev/null || die "there is no runner in this image; build it with node-image/build.sh"
  read -r program < Validator.json || true
  [[ $program =~ ^\{\"language\":\ ?\"[a-z]+\",\ ?\"command\":\ ?\"([^\"\\]+)\"(,\ ?\"stackMb\":\ ?([0-9]+))?\}$ ]] \
    || die "Validator.json has no command; it comes from CompileActor"
  command=${BASH_REMATCH[1]} stack=${BASH_REMATCH[3]:-0}
  chmod 755 . Validator.out
  mkdir -m 1777 check
  mv Validator.out check/
  install -m 644 "$1" check/input.txt
  install -m 644 "$2" check/expected.txt
  install -m 644 stdout.txt check/output.txt
  files='input.txt expected.txt output.txt'
  if [[ $testlib == true ]]; then files='input.txt output.txt expected.txt' mode=t; fi
  printf '%d %d 0 %d 0 %d\n%s %s\n' "$user_ms" "$total_ms" "$memory_mb" "$stack" "${command//'{memoryMb}'/$((memory_mb * 2 / 3))}" "$files" \
    | (cd check && runner) || die "the validator could not be run"
  read -r report < check/runner.json || true
  # As the runner writes it; a quote in its Command has a backslash.
  [[ $report =~ ,\ \"ExitCode\":\ (-?[0-9]+),\ .*\ \"Limit\":\ (null|\"([A-Za-z]+)\"), ]] || die "the runner's report can't be read: $report"
  code=${BASH_REMATCH[1]} limit=${BASH_REMATCH[3]}
  case $limit$code$mode in
    0 | 0t) if [[ -s check/stdout.txt || -s check/stderr.txt ]]; then judge_by Accepted; else accept; fi ;;
    1 | 1t) judge_by WrongAnswer ;;
    # testlib itself takes what is left over, and an end that came too early, for a wrong format, unless it is told to tell them apart.
    2 | [248]t) judge_by PresentationError ;;
    3t) judge_by SystemError $'the validator has found the task at fault (exit code 3)\n' ;;
    7t) judge_by_points ;;
    *) judge_by SystemError "the validator ended with exit code $code${limit:+, limit $limit}"$'\n' ;;
  esac
}

shopt -s nullglob
expected=(output_*.txt) cases=(input_*.txt)
((${#expected[@]} == 1)) || die "found ${#expected[@]} expected outputs (${expected[*]}), expected exactly one output_<i>.txt"
((${#cases[@]} <= 1)) || die "found ${#cases[@]} inputs (${cases[*]}), expected at most one"
[[ -f stdout.txt ]] || die "stdout.txt is missing; it comes from RunActor"

if [[ -f Validator.out || -f Validator.json ]]; then
  for file in Validator.out Validator.json; do [[ -f $file ]] || die "$file is missing; it comes from CompileActor"; done
  run_validator "${cases[0]:-/dev/null}" "${expected[0]}"
elif same stdout.txt "${expected[0]}"; then
  accept
else
  compare "${expected[0]}" stdout.txt
fi
echo '{"Outputs": ["verdict.json"]}' > return.json
