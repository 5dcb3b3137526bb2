#!/usr/bin/env bash
# Compiles one source, Main.<ext> or Validator.<ext>, with all compilers treated as untrusted. The contract stands in README.md.
set -euo pipefail

# A contest's sources compile in well under 5 s; four times that is for a node where eight jobs share two cores. The wall clock gets
# twice as much again. The container's own memory is the memory limit.
readonly LIMITS='20000 40000'
# Enough to see the first errors; a C++ compiler can write megabytes about one.
readonly MESSAGE_BYTES=65536

die() { echo "CompileActor: $*" >&2; exit 1; }

# Sets compile (run in the folder that holds the source; leaves $name.out), run (see RunActor.sh; no character that JSON would escape), and the
# stack of that in MB.
# What a program gets beyond its own code: 64 MB of stack for recursion, and a heap that can grow as far as the limit, so that exceeding
# it shows as memory, not as a crash.
describe() {
  local language=$1 source=$2 name=$3
  run="exec ./$name.out" stack=64
  # The other linker takes three times as long, most of it for a plugin that only -flto needs.
  local linker='-fuse-ld=gold -fno-use-linker-plugin'
  case $language in
    c) compile="gcc -std=gnu17 -O2 -DONLINE_JUDGE $linker -o $name.out $source -lm" ;;
    cpp) compile="g++ -std=gnu++17 -O2 -DONLINE_JUDGE $linker -o $name.out $source" ;;
    java)
      compile="java-program $source $name.out"
      if ! command -v java-program > /dev/null; then
        # An image from before there was one: a class of the file's name, in no package.
        local jvm='-J-Xmx128m -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -J-XX:-UsePerfData'
        compile="javac $jvm -proc:none -encoding UTF-8 -d classes $source && jar $jvm -c -f $name.out -e $name -C classes ."
      fi
      run="exec java -Xmx{memoryMb}m -Xss64m -XX:+UseSerialGC -XX:-UsePerfData -jar $name.out" stack=0
      ;;
    python) compile="python3 -m py_compile $source && cp $source $name.out"; run="exec python3 $name.out" ;;
    javascript) compile="node --check $source && cp $source $name.out"; run="exec node --max-old-space-size={memoryMb} $name.out" stack=0 ;;
    pascal) compile="fpc -O2 -vew -o$name.out $source" ;;
    # Without the mode, a package that is not main becomes an archive.
    go) compile="GOCACHE=\$PWD/cache GO111MODULE=off CGO_ENABLED=0 go build -buildmode=exe -p 1 -o $name.out $source" ;;
    # Without the type, the source may choose to be a library.
    rust) compile="rustc --crate-type bin --edition 2021 -C opt-level=2 -C codegen-units=1 -C strip=symbols -o $name.out $source" ;;
    csharp) compile="mcs -optimize+ -out:$name.out $source"; run="exec mono $name.out" stack=0 ;;
  esac
}

# A byte-order mark is not taken by every compiler.
drop_mark() {
  local mark=
  LC_ALL=C IFS= read -r -d '' -N 3 mark < "$1" || true
  if [[ $mark == $'\xef\xbb\xbf' ]]; then
    tail -c +4 "$1" > unmarked
    mv -T unmarked "$1"
  fi
}

declare -rA LANGUAGES=([c]=c [cpp]=cpp [cc]=cpp [cxx]=cpp [java]=java [py]=python [js]=javascript [pas]=pascal [go]=go [rs]=rust [cs]=csharp)

shopt -s nullglob
sources=()
for file in Main.* Validator.*; do
  if [[ -n ${LANGUAGES[${file#*.}]:-} ]]; then sources+=("$file"); fi
done
((${#sources[@]} == 1)) \
  || die "found ${#sources[@]} sources (${sources[*]}), expected exactly one: Main or Validator, with one of the endings ${!LANGUAGES[*]}"
source=${sources[0]} name=${source%%.*} language=${LANGUAGES[${source#*.}]}

command -v runner > /dev/null || die "there is no runner in this image; build it with node-image/build.sh"
describe "$language" "$source" "$name"
for word in $compile; do
  [[ $word == *=* ]] || break
done
command -v "$word" > /dev/null || die "this image has no $language compiler ($word); build it with LANGUAGES=all"

drop_mark "$source"
# While there is room for it: a compiler may fill all that it can write to.
outputs='"runner.json", "stdout.txt", "stderr.txt"'
echo "{\"Outputs\": [$outputs]}" > return.json
printf '{"language": "%s", "command": "%s", "stackMb": %d}\n' "$language" "$run" "$stack" > "$name.json"
# From here on nobody but root writes here; compilers have a folder of their own.
headers=(*.h *.hpp)
runner --in build "$source" ${headers[@]+"${headers[@]}"} <<< "$LIMITS
export HOME=\$PWD TMPDIR=\$PWD; $compile" || echo "CompileActor: the runner failed" >&2
[[ -f runner.json ]] || die "the runner of this image made no report; where it is older than this actor, build the image anew"
# Without a run there are no such files, and runner.json says why.
for file in stdout.txt stderr.txt; do [[ -f $file ]] || : > "$file"; done
if [[ -s stdout.txt || -s stderr.txt ]]; then truncate -s "<$MESSAGE_BYTES" stdout.txt stderr.txt; fi

report=
read -r report < runner.json || true
# As the runner writes it; a quote in its Command has a backslash.
if [[ $report == *'"ExitCode": 0,'*'"Limit": null,'*'"Error": ""}' && -f build/$name.out && ! -L build/$name.out ]]; then
  mv -T "build/$name.out" "$name.out"
  # In place, where it is longer than before.
  echo "{\"Outputs\": [$outputs, \"$name.out\", \"$name.json\"]}" 1<> return.json
fi
