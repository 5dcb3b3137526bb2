#!/usr/bin/env bash
# Runs one compiled program on one input, under the case's limits. The contract stands in README.md.
set -euo pipefail

die() { echo "RunActor: $*" >&2; exit 1; }

# Two lines: "userTimeMs totalTimeMs 0 memoryMb", and the command. In one go, since starting jq takes longer than all the rest here.
# The wall clock is generous, since on a full node a program gets only a part of a core.
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
    | "\($user) \(whole($limits; "totalTimeMs"; 3 * $user + 5000)) 0 \($memory)",
      ($program.command | split("{memoryMb}") | join("\($memory)"))
  ' "${files[@]}" 2>&1
}

for file in Main.out Main.json; do [[ -f $file ]] || die "$file is missing; it comes from CompileActor"; done
command -v runner > /dev/null || die "there is no runner in this image; build it with node-image/build.sh"
request=$(read_request) || die "Main.json or limit.json can't be used: ${request#*: }"
shopt -s nullglob
cases=(input_*.txt)
((${#cases[@]} <= 1)) || die "found ${#cases[@]} inputs (${cases[*]}), expected at most one"

# From here on nobody but root writes here; the program has a folder of its own.
chmod 755 .
mkdir -m 1777 run
chmod 1777 run
install -m 755 Main.out run/Main.out
if ((${#cases[@]} == 1)); then install -m 644 "${cases[0]}" run/stdin.txt; fi
(cd run && runner) <<< "$request" || echo "RunActor: the runner failed" >&2

for file in runner.json stdout.txt stderr.txt; do
  # Without a run there are no such files, and runner.json says why.
  if [[ -f run/$file ]]; then mv -T "run/$file" "$file"; else : > "$file"; fi
done
echo '{"Outputs": ["runner.json", "stdout.txt", "stderr.txt"]}' > return.json
