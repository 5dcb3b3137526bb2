#!/usr/bin/env bash
# Compares a program's output with the expected one, or has the task's validator do so. The contract stands in README.md.
set -euo pipefail

# Validators are the task setter's own, but a mistake in one must not hold the node either.
readonly VALIDATOR_LIMITS='10000 20000 0 192'
readonly VALIDATOR_HEAP_MB=128

die() { echo "CompareActor: $*" >&2; exit 1; }

# verdict NAME: with the message from standard input, whatever bytes it has.
verdict() {
  head -c 4000 | jq -Rsc --arg verdict "$1" '{verdict: $verdict, message: (sub("\\s+$"; "") | .[0:1000])}' > verdict.json
  echo '{"Outputs": ["verdict.json"]}' > return.json
}

# By lines and words one at a time: an output of many small words would not fit into the memory as a list.
compare() {
  python3 -I -S - "$1" "$2" << 'PYTHON'
import itertools, re, sys

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

expected, actual = sys.argv[1:]
if all(a == b for a, b in itertools.zip_longest(lines(expected), lines(actual))):
    print("Accepted")
    sys.exit()
for number, (a, b) in enumerate(itertools.zip_longest(words(expected), words(actual)), 1):
    if a != b:
        print("WrongAnswer")
        print(f"word {number}: expected {show(a)}, found {show(b)}")
        sys.exit()
print("PresentationError")
PYTHON
}

run_validator() {
  local command
  [[ -f Validator.json ]] || die "Validator.json is missing; it comes from CompileActor"
  command -v runner > /dev/null || die "there is no runner in this image; build it with node-image/build.sh"
  command=$(jq -er '.command | strings' Validator.json) || die "Validator.json has no command; it comes from CompileActor"
  chmod 755 .
  mkdir -m 1777 check
  chmod 1777 check
  install -m 755 Validator.out check/Validator.out
  install -m 644 "$1" check/input.txt
  install -m 644 "$2" check/expected.txt
  install -m 644 stdout.txt check/output.txt
  printf '%s\n%s input.txt expected.txt output.txt\n' "$VALIDATOR_LIMITS" "${command//'{memoryMb}'/$VALIDATOR_HEAP_MB}" \
    | (cd check && runner) || die "the validator could not be run"
  case $(jq -r '"\(.Limit) \(.ExitCode)"' check/runner.json) in
    'null 0') cat check/stdout.txt check/stderr.txt | verdict Accepted ;;
    'null 1') cat check/stdout.txt check/stderr.txt | verdict WrongAnswer ;;
    'null 2') cat check/stdout.txt check/stderr.txt | verdict PresentationError ;;
    *)
      {
        jq -r '"the validator ended with exit code \(.ExitCode)\(if .Limit then ", limit \(.Limit)" else "" end)"' check/runner.json
        cat check/stderr.txt
      } | verdict SystemError
      ;;
  esac
}

shopt -s nullglob
expected=(output_*.txt) cases=(input_*.txt)
((${#expected[@]} == 1)) || die "found ${#expected[@]} expected outputs (${expected[*]}), expected exactly one output_<i>.txt"
((${#cases[@]} <= 1)) || die "found ${#cases[@]} inputs (${cases[*]}), expected at most one"
[[ -f stdout.txt ]] || die "stdout.txt is missing; it comes from RunActor"

if [[ -f Validator.out ]]; then
  run_validator "${cases[0]:-/dev/null}" "${expected[0]}"
elif cmp -s stdout.txt "${expected[0]}"; then
  # As verdict would write it, without the time that starting jq takes: most outputs are right.
  echo '{"verdict": "Accepted", "message": ""}' > verdict.json
  echo '{"Outputs": ["verdict.json"]}' > return.json
else
  compared=$(compare "${expected[0]}" stdout.txt)
  tail -n +2 <<< "$compared" | verdict "$(head -1 <<< "$compared")"
fi
