#!/usr/bin/env bash
# Runs one compiled program on one input, under the case's limits. The contract stands in README.md.
set -euo pipefail

die() { echo "RunActor: $*" >&2; exit 1; }

# "userTimeMs totalTimeMs memoryMb". The wall clock is generous, since on a full node a program gets only a part of a core.
read_limits() {
  local file=limit.json
  [[ -f $file ]] || file=/dev/null
  jq -rn '
    def whole($limits; $key; $default):
      if $limits[$key] == null then $default else $limits[$key] end
      | if type == "number" and . == floor and . >= 1 and . <= 86400000 then .
        else error("limit.json: \($key) is \(tojson), but must be a whole number from 1 to 86400000") end;
    (first(inputs) // {}) as $limits
    | if ($limits | type) != "object" then error("limit.json is not an object") else . end
    | whole($limits; "userTimeMs"; 2000) as $user
    | "\($user) \(whole($limits; "totalTimeMs"; 3 * $user + 5000)) \(whole($limits; "memoryMb"; 128))"
  ' "$file" 2>&1
}

for file in Main.out Main.json; do [[ -f $file ]] || die "$file is missing; it comes from CompileActor"; done
command -v runner > /dev/null || die "there is no runner in this image; build it with node-image/build.sh"
limits=$(read_limits) || die "${limits#*: }"
read -r user_ms total_ms memory_mb <<< "$limits"
command=$(jq -er '.command | strings' Main.json) || die "Main.json has no command; it comes from CompileActor"
shopt -s nullglob
cases=(input_*.txt)
((${#cases[@]} <= 1)) || die "found ${#cases[@]} inputs (${cases[*]}), expected at most one"

# From here on nobody but root writes here; the program has a folder of its own.
chmod 755 .
mkdir -m 1777 run
chmod 1777 run
install -m 755 Main.out run/Main.out
if ((${#cases[@]} == 1)); then install -m 644 "${cases[0]}" run/stdin.txt; fi
printf '%s %s 0 %s\n%s\n' "$user_ms" "$total_ms" "$memory_mb" "${command//'{memoryMb}'/$memory_mb}" | (cd run && runner) \
  || echo "RunActor: the runner failed" >&2

outputs=(runner.json stdout.txt stderr.txt)
for file in "${outputs[@]}"; do
  # Without a run there are no such files, and runner.json says why.
  if [[ -f run/$file ]]; then mv -T "run/$file" "$file"; else : > "$file"; fi
done
jq -nc '{Outputs: $ARGS.positional}' --args "${outputs[@]}" > return.json
