#!/usr/bin/env bash
# Runs one compiled program on one input, under the case's limits. The contract stands in README.md.
set -euo pipefail

# Of what a program writes to stderr, for whoever looks for its mistake; nothing compares it.
readonly STDERR_BYTES=65536

die() { echo "RunActor: $*" >&2; exit 1; }

# Two lines: "userTimeMs totalTimeMs 0 memoryMb outputMb stackMb", and the command. The wall clock is generous, since on a full node a program
# gets only a part of a core.
read_request() {
  local files=(Main.json)
  if [[ -f limit.json ]]; then files+=(limit.json); fi
  jq -rn '
    def whole($limits; $key; $default):
      if $limits[$key] == null then $default else $limits[$key] end
      | if type == "number" and . == floor and . >= 1 and . <= 86400000 then .
        else error("limit.json: \($key) is \(tojson), but must be a whole number from 1 to 86400000") end;
    [inputs] as [$program, $limits]
    | if ($program.command | type) != "string" then error("Main.json has no command; it comes from CompileActor") else . end
    | if $limits != null and ($limits | type) != "object" then error("limit.json is not an object") else . end
    | whole($limits; "userTimeMs"; 2000) as $user
    | whole($limits; "memoryMb"; 128) as $memory
    | "\($user) \(whole($limits; "totalTimeMs"; 3 * $user + 5000)) 0 \($memory) \(if $limits.outputMb == null then 0 else whole($limits; "outputMb"; 0) end) \($program.stackMb // 0)",
      ($program.command | split("{memoryMb}") | join("\($memory)"))
  ' "${files[@]}" 2>&1
}

# The same without jq, whose start takes longer than all the rest here. False where a file is not as most are: flat, with plain numbers.
read_plain_request() {
  local program= limits='{}' space='[[:space:]]*' member key
  read -r program < Main.json || true
  [[ $program =~ ^\{\"language\":\ ?\"[a-z]+\",\ ?\"command\":\ ?\"([^\"\\]+)\"(,\ ?\"stackMb\":\ ?([0-9]+))?\}$ ]] || return
  local command=${BASH_REMATCH[1]} stack=${BASH_REMATCH[3]:-0}
  if [[ -f limit.json ]]; then IFS= read -r -d '' limits < limit.json || true; fi
  member="$space\"[A-Za-z]+\"$space:$space([0-9]+|true|false|null)$space"
  [[ $limits =~ ^$space\{($member(,$member)*|$space)\}$space$ ]] || return
  local -A value=([userTimeMs]=2000 [totalTimeMs]= [memoryMb]=128 [outputMb]=0)
  for key in "${!value[@]}"; do
    [[ $limits =~ .*\"$key\"$space:$space([0-9a-z]+) && ${BASH_REMATCH[1]} != null ]] || continue
    value[$key]=${BASH_REMATCH[1]}
    [[ ${value[$key]} =~ ^[1-9][0-9]{0,7}$ ]] && ((value[$key] <= 86400000)) || return
  done
  request="${value[userTimeMs]} ${value[totalTimeMs]:-$((3 * value[userTimeMs] + 5000))} 0 ${value[memoryMb]} ${value[outputMb]} $stack
${command//'{memoryMb}'/${value[memoryMb]}}"
}

for file in Main.out Main.json; do [[ -f $file ]] || die "$file is missing; it comes from CompileActor"; done
command -v runner > /dev/null || die "there is no runner in this image; build it with node-image/build.sh"
request=
read_plain_request || request=$(read_request) || die "Main.json or limit.json can't be used: ${request#*: }"
shopt -s nullglob
cases=(input_*.txt)
((${#cases[@]} <= 1)) || die "found ${#cases[@]} inputs (${cases[*]}), expected at most one"

# While there is room for it: a program may fill all that it can write to.
echo '{"Outputs": ["runner.json", "stdout.txt", "stderr.txt"]}' > return.json
# From here on nobody but root writes here; the program has a folder of its own.
runner --in run Main.out ${cases[0]:+"${cases[0]}=stdin.txt"} <<< "$request" || echo "RunActor: the runner failed" >&2
[[ -f runner.json ]] || die "the runner of this image made no report; where it is older than this actor, build the image anew"
# Without a run there are no such files, and runner.json says why.
for file in stdout.txt stderr.txt; do [[ -f $file ]] || : > "$file"; done
if [[ -s stderr.txt ]]; then truncate -s "<$STDERR_BYTES" stderr.txt; fi
report=
read -r report < runner.json || true
# What a limit has cut short is compared with nothing. As the runner writes it; a quote in its Command has a backslash.
if [[ $report != *'"Limit": null,'* ]]; then : > stdout.txt; fi
