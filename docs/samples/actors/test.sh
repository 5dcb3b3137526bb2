#!/usr/bin/env bash
# Runs the three actors in containers like the service's sandboxes, with a program in every language of the image.
# Usage: test.sh [IMAGE] [EXTENSION...]     IMAGE is joyoi and EXTENSION are all that the image has, unless given
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
image=${1:-joyoi}
shift $(($# > 0))
extensions=("$@")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$work/out passed=0 failed=0

same() {
  if [[ $2 == "$3" ]]; then passed=$((passed + 1)); return; fi
  failed=$((failed + 1))
  printf 'FAILED %s: is "%s", expected "%s"\n' "$1" "$2" "$3"
  tail -5 "$out"/run-actor.log "$out"/runner.json 2> /dev/null || true
}

# act ACTOR MEMORY_MB INPUTS_FOLDER: one container for one run; leaves the working directory in $out and the exit code in $code. Nothing but
# the usual folders can be written to, and they hold no more than a quarter of the memory.
act() {
  rm -rf "$work/put" "$work/out"
  cp -r "$3" "$work/put"
  mkdir "$work/put/actor" "$work/out"
  cp "$1.sh" "$work/put/actor/actor"
  out=$work/out
  local folders=() folder
  for folder in /workdir /tmp /var/tmp; do folders+=(--tmpfs "$folder:exec,mode=1777,size=$(($2 / 4))m,nr_inodes=16384"); done
  tar -cf - --owner=0 --group=0 --mode=u=rw,go=,+X -C "$work/put" . \
    | docker run --rm --interactive --read-only "${folders[@]}" --network none --security-opt no-new-privileges --pids-limit 512 \
      --memory "$2m" --memory-swap "$2m" --cpu-period 1000000 --cpu-quota 1000000 --cap-drop ALL \
      --cap-add SETUID --cap-add SETGID --cap-add KILL --cap-add DAC_OVERRIDE --cap-add FOWNER --cap-add CHOWN \
      --workdir /workdir "$image" bash -c \
      'tar --no-overwrite-dir -xf - && echo 0 > used && echo 0 > code && { bash actor/actor < /dev/null &> run-actor.log; echo $? 1<> code; du -sm . 1<> used; tar -cf - .; }' \
    | tar -xf - -C "$out" --no-same-owner
  read -r code < "$out/code"
}
fresh() { rm -rf "$work/in"; mkdir "$work/in"; in=$work/in; }
report() { jq -r ".$1" "$out/runner.json"; }
outputs() { jq -r '.Outputs | sort | join(" ")' "$out/return.json"; }

# As README.md asks for.
readonly COMPILE_MB=${COMPILE_MB:-512}

# compile FILE...: leaves the result in $out.
compile() {
  fresh
  cp "$@" "$in/"
  act CompileActor $COMPILE_MB "$in"
}

test_language() {
  local extension=$1 program=$work/program-$1 mode expected
  rm -rf "$work/broken"; mkdir "$work/broken"
  { echo '((( ]]] "'; cat "test/Main.$extension"; } > "$work/broken/Main.$extension"
  compile "$work/broken/Main.$extension"
  same "$extension: a broken source, exit code of the actor" "$code" 0
  same "$extension: a broken source, outputs" "$(outputs)" 'runner.json stderr.txt stdout.txt'
  same "$extension: a broken source, message" "$(cat "$out/stdout.txt" "$out/stderr.txt" | grep -c . | sed 's/[1-9].*/some/')" some

  compile "test/Main.$extension"
  same "$extension: a source, exit code of the actor" "$code" 0
  same "$extension: a source, outputs" "$(outputs)" 'Main.json Main.out runner.json stderr.txt stdout.txt'
  printf '%-5s compile: %s ms of CPU, %s ms, %s MB, %s MB of files\n' "$extension" "$(($(report UserTime) + $(report SystemTime)))" \
    "$(report TotalTime)" "$(($(report PeakMemory) >> 20))" "$(cut -f1 "$out/used")"
  [[ -f $out/Main.out ]] || { cat "$out/stdout.txt" "$out/stderr.txt" "$out/run-actor.log"; return; }
  mkdir "$program"
  cp "$out/Main.out" "$out/Main.json" "$program/"

  for mode in sum loop big crash; do
    fresh
    cp "$program"/* "$in/"
    printf '%s\n' "$mode" '20 22' > "$in/input_0.txt"
    case $extension in py | js) printf '%s 20 22\n' "$mode" > "$in/input_0.txt" ;; esac
    printf '{"userTimeMs": 1500, "totalTimeMs": 20000, "memoryMb": 128, "other": [1]}\n' > "$in/limit.json"
    act RunActor 256 "$in"
    same "$extension: $mode, exit code of the actor" "$code" 0
    same "$extension: $mode, outputs" "$(outputs)" 'runner.json stderr.txt stdout.txt'
    same "$extension: $mode, Error" "$(report Error)" ''
    case $mode in
      sum) expected='null 42'; printf '%-5s run:     %s ms of CPU, %s ms, %s MB\n' "$extension" "$(($(report UserTime) + $(report SystemTime)))" \
        "$(report TotalTime)" "$(($(report PeakMemory) >> 20))" ;;
      loop) expected='userTime ' ;;
      big) expected='memory ' ;;
      crash) expected='null ' ;;
    esac
    same "$extension: $mode, limit and output" "$(report Limit) $(cat "$out/stdout.txt")" "$expected"
    same "$extension: $mode, success" "$(report 'ExitCode == 0')" "$([[ $mode == sum ]] && echo true || echo false)"
  done
}

# compared EXPECTED ACTUAL VERDICT [MESSAGE [LIMIT]]
compared() {
  fresh
  if [[ -n ${5:-} ]]; then echo "$5" > "$in/limit.json"; fi
  printf '%b' "$1" > "$in/output_3.txt"
  printf '%b' "$2" > "$in/stdout.txt"
  act CompareActor 256 "$in"
  same "compare '$1' with '$2'" "$(jq -r '"\(.verdict) \(.message)"' "$out/verdict.json")" "$3 ${4:-}"
  same "compare '$1' with '$2', outputs" "$(outputs)" 'verdict.json'
}

# validated EXPECTED ACTUAL INPUT VERDICT[ POINTS] MESSAGE [LIMIT]
validated() {
  fresh
  cp "$work/validator"/* "$in/"
  if [[ -n ${6:-} ]]; then echo "$6" > "$in/limit.json"; fi
  printf '%b' "$1" > "$in/output_3.txt"
  printf '%b' "$2" > "$in/stdout.txt"
  printf '%b' "$3" > "$in/input_3.txt"
  act CompareActor 256 "$in"
  same "validate '$2' of '$3' ${6:-}" "$(jq -r '"\(.verdict)\(.points | if . == null then "" else " \(.)" end) \(.message)"' "$out/verdict.json")" "$4 $5"
}

# refused ACTOR WORDS: the actor fails, and its log says these words.
refused() {
  act "$1" 256 "$in"
  same "$1 refuses" "$code" 1
  same "$1 says '$2'" "$(grep -c -- "$2" "$out/run-actor.log")" 1
}

test_comparing() {
  compared 'a b\nc\n' 'a b\nc\n' Accepted
  compared 'a b\nc\n' 'a b  \nc\n\n\n' Accepted
  compared 'a b\nc' 'a b\r\nc\r\n' Accepted
  compared 'a b\nc\n' 'a  b\nc\n' PresentationError
  compared 'a b\nc\n' '\na b c' PresentationError
  compared '' '\n\n' Accepted
  compared 'a\n\n \nb' 'a\t \r\n\v\f\n\nb \n \n\t' Accepted
  compared ' a\nb' 'a\nb' PresentationError
  compared 'a\n\nb' 'a\nb' PresentationError
  compared 'ab' 'a\0b' WrongAnswer "word 1: found 'a\\x00b'"
  compared 'a*b\n' 'a\\*b\n' WrongAnswer "word 1: found 'a\\\\*b'"
  compared '[a]\n' 'a\n' WrongAnswer "word 1: found 'a'"
  compared 'a b\nc\n' 'a x\nc\n' WrongAnswer "word 2: found 'x'"
  compared 'a b\nc\n' 'a x\nc\n' WrongAnswer "word 2: found 'x'" '{"memoryMb": 5, "showExpected": false}'
  compared 'a b\nc\n' 'a x\nc\n' WrongAnswer "word 2: expected 'b', found 'x'" '{"showExpected": true}'
  compared 'a b\n' 'a\n' WrongAnswer 'word 2: found the end'
  compared 'a b\n' 'a\n' WrongAnswer "word 2: expected 'b', found the end" '{"showExpected": true}'
  compared 'a\n' 'a b\n' WrongAnswer "word 2: expected the end, found 'b'" '{"showExpected": true}'
  compared 'a\n' '\xff"\x01\n' WrongAnswer "word 1: found '�\"\\x01'"
  fresh
  yes '1 2 3 4' | tr '\n' ' ' | head -c 16777216 > "$in/stdout.txt" || true
  { cat "$in/stdout.txt"; echo x; } > "$in/output_0.txt"
  act CompareActor 256 "$in"
  same "compare 8 million words in one line" "$(jq -r .verdict "$out/verdict.json")" WrongAnswer

  compile test/Validator.cpp test/words.h
  same "validator, outputs" "$(outputs)" 'Validator.json Validator.out runner.json stderr.txt stdout.txt'
  mkdir "$work/validator"
  cp "$out/Validator.out" "$out/Validator.json" "$work/validator/"
  validated 'a b c' 'c\nb a\n' x Accepted ''
  validated 'a b c' 'c b' x WrongAnswer 'not the same words'
  validated 'a b c' 'c b' '' SystemError 'the validator ended with exit code 3'
}

# An odd validator's verdict, each by the input it gets.
test_validators() {
  compile test/Validator.py
  rm -rf "$work/validator"; mkdir "$work/validator"
  cp "$out/Validator.out" "$out/Validator.json" "$work/validator/"
  validated a a 'talk 0' Accepted "$(printf 'x%.0s' {1..1000})"
  validated a a 'talk 1' WrongAnswer "$(printf 'x%.0s' {1..1000})"
  validated a a 'shout 2' PresentationError "$(printf 'x%.0s' {1..1000})"
  validated a a 'bytes 0' Accepted '�\"'
  validated a a 'flood 0' SystemError 'the validator ended with exit code 0, limit output
'"$(printf 'x%.0s' {1..949})"
  validated a a 'kill' SystemError 'the validator ended with exit code 137'
  validated a a 'fork 0' Accepted ''
  validated a a 'names 0' Accepted 'input.txt expected.txt output.txt'
  validated a a 'say 7 points 3' SystemError 'the validator ended with exit code 7
points 3'
  test_testlib
  test_validator_limits
  fresh; cp "$work/validator/Validator.json" "$in/"; echo a | tee "$in/output_3.txt" > "$in/stdout.txt"
  refused CompareActor 'Validator.out is missing'
}

# As testlib.h ends a checker.
test_testlib() {
  local testlib='{"memoryMb": 5, "validator": {"testlib": true}}'
  validated a a 'names 0' Accepted 'input.txt output.txt expected.txt' "$testlib"
  validated a a 'say 0 ok 1 word' Accepted 'ok 1 word' "$testlib"
  validated a a 'say 1 wrong answer' WrongAnswer 'wrong answer' "$testlib"
  validated a a 'say 2 wrong output format' PresentationError 'wrong output format' "$testlib"
  validated a a 'say 4 wrong output format' PresentationError 'wrong output format' "$testlib"
  validated a a 'say 8 unexpected eof' PresentationError 'unexpected eof' "$testlib"
  validated a a 'say 3 FAIL no answer' SystemError 'the validator has found the task at fault (exit code 3)
FAIL no answer' "$testlib"
  validated a a 'say 7 points 3.5 half' 'PartiallyCorrect 3.5' 'points 3.5 half' "$testlib"
  validated a a 'say 7 points 08' 'PartiallyCorrect 8' 'points 08' "$testlib"
  local said; for said in points 'points -1' 'points 1e3' 'points 3x' 'ok 3'; do
    validated a a "say 7 $said" SystemError 'the validator ended with exit code 7, but its standard error does not begin with "points" and a number from 0
'"$said" "$testlib"
  done
  validated a a 'say 5 what' SystemError 'the validator ended with exit code 5
what' "$testlib"
}

test_validator_limits() {
  validated a a 'spin 0' SystemError 'the validator ended with exit code 137, limit userTime' '{"validator": {"userTimeMs": 300, "totalTimeMs": 60000}}'
  validated a a 'sleep 0' SystemError 'the validator ended with exit code 137, limit totalTime' '{"validator": {"totalTimeMs": 300}}'
  validated a a 'big 0' SystemError 'the validator ended with exit code 0, limit memory' '{"validator": {"memoryMb": 32}}'
  validated a a 'big 0' Accepted '' '{"validator": {}}'
}

# together NAME=TEXT... EXPECTED: what is written by a program of several files, or what the compiler says.
together() {
  local file expected=${*: -1}
  fresh
  mkdir "$in/with"
  for file in "${@:1:$#-1}"; do printf '%b\n' "${file#*=}" > "$in/${file%%=*}"; done
  act CompileActor $COMPILE_MB "$in"
  same "$1, exit code of the actor" "$code" 0
  if [[ ! -f $out/Main.out ]]; then
    same "$1, message: $(cat "$out/stderr.txt")" "$(grep -cF -- "$expected" "$out/stderr.txt")" 1
    return
  fi
  fresh
  cp "$out/Main.out" "$out/Main.json" "$in/"
  act RunActor 256 "$in"
  same "$1 with $2, output" "$(cat "$out/stdout.txt" "$out/stderr.txt")" "$expected"
}

test_several_files() {
  together 'Main.c=#include "two.h"\nint main() { return two() != 2; }' 'with/two.h=int two();' 'with/two.c=#include <stdio.h>\nint two() { puts("c"); return 2; }' c
  together 'Main.cpp=int two() { return 2; }' 'with/Grader.cpp=#include <iostream>\nint two();\nint main() { std::cout << two(); }' \
    'with/Grader.py=print(1)' 2
  together 'Main.java=class Main { static int two() { return 2; } }' \
    'with/Grader.java=public class Grader { public static void main(String[] a) { System.out.print(Main.two()); } }' 2
  together 'Main.java=public class Main { public static void main(String[] a) { System.out.print(Two.TWO); } }' 'with/Two.java=public class Two { static int TWO = 2; }' 2
  together 'Main.py=def two(): return 2' 'with/Grader.py=import Main, more\nprint(Main.two() + more.one)' 'with/more.py=one = 1' 3
  together 'Main.py=import more\nprint(more.one)' 'with/more.py=one = 1' 1
  together 'Main.js=' 'with/more.js=' 'a JavaScript program has to be one file'
  together 'Main.cpp=int two() { return 2; }' 'with/Grader.py=print(1)' 'undefined reference to'
  fresh; mkdir "$in/with"; touch "$in/Main.c" "$in/with/a.b.c"; refused CompileActor 'with/a.b.c must be a file with a name of letters'
  fresh; mkdir "$in/with"; touch "$in/Main.c" "$in/with/a.json"; refused CompileActor 'with/a.json must be a source or a header'
  fresh; mkdir "$in/with"; touch "$in/Main.c" "$in/with/Main.c"; refused CompileActor 'with/Main.c would replace Main.c'
}

test_refusing() {
  fresh; refused CompileActor 'found 0 sources'
  cp test/Main.c test/Main.py "$in/"; refused CompileActor 'found 2 sources'
  fresh; refused RunActor 'Main.out is missing'
  fresh; touch "$in/Main.out"; echo '{"command": "true"}' > "$in/Main.json"
  echo '{"userTimeMs": -5}' > "$in/limit.json"; refused RunActor 'userTimeMs is -5, but must be'
  echo '{"memoryMb": "x"}' > "$in/limit.json"; refused RunActor 'memoryMb is "x", but must be'
  echo '{"memoryMb": 1.5}' > "$in/limit.json"; refused RunActor 'memoryMb is 1.5, but must be'
  echo '{"memoryMb": 5, "outputMb": 0}' > "$in/limit.json"; refused RunActor 'outputMb is 0, but must be'
  echo '{"memoryMb": 5,}' > "$in/limit.json"; refused RunActor 'limit.json'
  echo '[]' > "$in/limit.json"; refused RunActor 'limit.json is not an object'
  echo '{' > "$in/limit.json"; refused RunActor 'limit.json'
  fresh; refused CompareActor 'found 0 expected outputs'
  echo a > "$in/output_3.txt"; echo b > "$in/stdout.txt"
  echo '{"showExpected": 1}' > "$in/limit.json"; refused CompareActor 'showExpected is 1, but must be'
  touch "$in/Validator.out"; echo '{"language": "c", "command": "exec ./Validator.out"}' > "$in/Validator.json"
  echo '{"validator": 1}' > "$in/limit.json"; refused CompareActor 'validator is 1, but must be an object'
  echo '{"validator": {"testlib": "yes"}}' > "$in/limit.json"; refused CompareActor 'validator.testlib is "yes", but must be'
  echo '{"validator": {"memoryMb": 0}}' > "$in/limit.json"; refused CompareActor 'validator.memoryMb is 0, but must be'
}

# limited LIMIT COMMAND: what becomes of a command under the limits of a limit.json.
limited() {
  fresh
  touch "$in/Main.out"
  printf '%s\n' "$1" > "$in/limit.json"
  jq -n --arg command "$2" '{command: $command}' > "$in/Main.json"
  act RunActor 256 "$in"
  same "$2 under $1, exit code of the actor" "$code" 0
}

test_limits() {
  local limit
  # All ways to write the same, read with and without jq.
  for limit in '{}' '{"userTimeMs": null, "x": true}' $'{\n  "userTimeMs" : 2000 ,\n"totalTimeMs":11000}\n' \
    '{"userTimeMs": 2e3, "memoryMb": 128.0}' '{"userTimeMs": 5, "userTimeMs": 2000}' '{"x": [{"userTimeMs": 5}]}'; do
    limited "$limit" 'echo {memoryMb}'
    same "limits of $limit" "$(report Limit) $(cat "$out/stdout.txt")" 'null 128'
  done
  limited '{"userTimeMs": 9000, "totalTimeMs": 300}' 'echo x; sleep 100'
  same 'a sleeper, limit and output' "$(report Limit) $(cat "$out/stdout.txt")" 'totalTime '
  limited '{"outputMb": 1}' 'yes'
  same 'too much output' "$(report Limit) $(cat "$out/stdout.txt")" 'output '
  limited '{"outputMb": 20}' 'head -c 20971520 /dev/zero'
  same '20 MB of output' "$(report Limit) $(stat -c %s "$out/stdout.txt")" 'null 20971520'
  limited '{}' 'head -c 100000 /dev/zero >&2; echo x; exit 3'
  same '100 KB of errors' "$(report Limit) $(stat -c %s "$out/stderr.txt") $(cat "$out/stdout.txt")" 'null 65536 x'
}

# odd TITLE FILE runs|refused EXPECTED: what becomes of $work/odd/FILE.
odd() {
  local title=$1 file=$2 outcome=$3 expected=$4
  compile "$work/odd/$file"
  if [[ $outcome == refused ]]; then
    same "$title, outputs" "$(outputs)" 'runner.json stderr.txt stdout.txt'
    same "$title, message: $(cat "$out/stdout.txt" "$out/stderr.txt")" "$(cat "$out/stdout.txt" "$out/stderr.txt" | grep -cF -- "$expected")" 1
    return
  fi
  same "$title, message" "$(grep -v '^Note: ' "$out/stderr.txt")" ''
  same "$title, outputs" "$(outputs)" 'Main.json Main.out runner.json stderr.txt stdout.txt'
  if [[ ! -f $out/Main.out ]]; then return; fi
  fresh
  cp "$out/Main.out" "$out/Main.json" "$in/"
  act RunActor 256 "$in"
  same "$title, output" "$(cat "$out/stdout.txt" "$out/stderr.txt")" "$expected"
}

# The sources of test/odd-sources.txt in the languages that are tested.
test_odd_sources() {
  local title line file outcome expected
  rm -rf "$work/sections"; mkdir "$work/sections"
  awk -v folder="$work/sections" '/^== / { file = sprintf("%s/%03d", folder, ++count); print substr($0, 4) > (file ".title"); next } file { print > file }' \
    test/odd-sources.txt
  for title in "$work"/sections/*.title; do
    read -r line < "$title"
    rm -rf "$work/odd"; mkdir "$work/odd"
    read -r file outcome expected <<< "${line#bom }"
    case " ${extensions[*]} " in *" ${file#*.} "*) ;; *) continue ;; esac
    { if [[ $line == bom\ * ]]; then printf '\xef\xbb\xbf'; fi; cat "${title%.title}"; } > "$work/odd/$file"
    odd "$line" "$file" "$outcome" "$expected"
  done
}

# assembled FILE: what g++ makes of $in/FILE, and the headers that it took precompiled, as $work/FILE.s and $headers.
assembled() {
  docker run --rm --interactive --network none "$image" bash -c 'cat > Main.cpp; g++ -std=gnu++17 -O2 -DONLINE_JUDGE -H -S -o Main.s Main.cpp 2> headers
    echo "# $(grep -o "^! .*" headers)"; cat Main.s 2> /dev/null || true' < "$in/$1" > "$work/$1.s"
  read -r _ headers < "$work/$1.s" || true
}

# Precompiled headers are taken where they fit, refused where they would change a program, and are what g++ would read.
test_precompiled_headers() {
  local header first headers
  fresh
  for header in iostream bits/stdc++.h; do
    { printf '#include <%s>\n#define X 1\n#include <map>\n' "$header"; cat test/Main.cpp; } > "$in/plain"
    assembled plain
    same "$header first, taken" "${headers##*/}" "${header##*/}.gch"
    # A pragma of no consequence.
    { printf '#pragma GCC diagnostic push\n'; cat "$in/plain"; } > "$in/whole"
    assembled whole
    same "$header behind a pragma, taken" "$headers" ''
    same "$header, program" "$(tail -n +2 "$work/plain.s" | md5sum)" "$(tail -n +2 "$work/whole.s" | md5sum)"
    for first in '#define _GLIBCXX_DEBUG' '#define private public' '#define endl 7' '#pragma GCC optimize("O3")' \
      '#pragma GCC target("avx2")' '#pragma pack(1)' 'int before;' '#include <cstdio>'; do
      { printf '%s\n' "$first"; cat "$in/plain"; } > "$in/changed"
      assembled changed
      same "$header behind $first, taken" "$headers" ''
    done
    for first in '// A comment' '#define MINE 1' '#define ll long long' '#ifdef ONLINE_JUDGE
#define judged
#endif'; do
      { printf '%s\n' "$first"; cat "$in/plain"; } > "$in/same"
      assembled same
      same "$header behind $first, taken" "${headers##*/}" "${header##*/}.gch"
    done
  done
}

# Programs that make all the files there may be, or leave no byte, also for what they say then.
test_filling() {
  local fill said
  while IFS='|' read -r fill said; do
    fresh
    printf '%s\n' 'import itertools, os' 'for place in ".", "/tmp", "/var/tmp":' '  try:' \
      "    for i in itertools.count(): $fill" '  except OSError: pass' 'os.write(1, b"7")' > "$in/Main.out"
    echo '{"command": "exec python3 Main.out"}' > "$in/Main.json"
    act RunActor 256 "$in"
    same "$fill, exit code of the actor" "$code" 0
    same "$fill, outputs" "$(outputs)" 'runner.json stderr.txt stdout.txt'
    same "$fill, report" "$(report 'ExitCode') $(report Limit) $(report Error) $(cat "$out/stdout.txt")" "$said"
  done << 'FILLS'
os.mknod(f"{place}/{i}")|0 null  7
os.write(os.open(f"{place}/{i}", os.O_CREAT + os.O_WRONLY), bytes(1 << 20))|120 null  
FILLS
}

# A program that tries to decide its own case.
test_forging() {
  fresh
  echo x > "$in/Main.out"
  local steps=('echo {} > ../return.json; echo {} > ../runner.json; mkdir ../stdout.txt; ln -s /etc/shadow ../stderr.txt; rm -rf ../*'
    'cat /etc/shadow; echo {} > runner.json; rm -f runner.json stdout.txt; exit 4')
  jq -nc --arg command "${steps[0]}; ${steps[1]}" '{command: $command}' > "$in/Main.json"
  act RunActor 256 "$in"
  same "a forger, exit code of the actor" "$code" 0
  same "a forger, outputs" "$(outputs)" 'runner.json stderr.txt stdout.txt'
  same "a forger, its exit code" "$(report ExitCode)" 4
  same "a forger, its output" "$(cat "$out/stdout.txt")" ''
}

if ((${#extensions[@]} == 0)); then
  extensions=(c cpp java py js)
  if docker run --rm --network none "$image" bash -c 'command -v fpc' > /dev/null; then extensions+=(pas go rs cs); fi
fi
for extension in "${extensions[@]}"; do test_language "$extension"; done
test_odd_sources
test_comparing
test_validators
test_limits
test_several_files
test_filling
test_refusing
test_forging
test_precompiled_headers
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
