#!/usr/bin/env bash
# Compiles one source, Main.<ext> or Validator.<ext>, with all compilers treated as untrusted. The contract stands in README.md.
set -euo pipefail

# A contest's sources compile in well under 5 s; four times that is for a node where eight jobs share two cores. The wall clock gets
# twice as much again. The container's own memory is the memory limit.
readonly LIMITS='20000 40000'
# Enough to see the first errors; a C++ compiler can write megabytes about one.
readonly MESSAGE_BYTES=65536

die() { echo "CompileActor: $*" >&2; exit 1; }

# Sets compile (run in the folder that holds the sources; leaves $name.out), run (see RunActor.sh; no character that JSON would escape), and the
# stack of that in MB.
# What a program gets beyond its own code: 64 MB of stack for recursion, and a heap that can grow as far as the limit, so that exceeding
# it shows as memory, not as a crash.
# Of several sources the first is the one that is run, where the language makes a difference.
describe() {
  local language=$1 name=$2 source=$3
  shift 2
  local jvm='-J-Xmx128m -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -J-XX:-UsePerfData'
  run="exec ./$name.out" stack=64
  # The other linker takes three times as long, most of it for a plugin that only -flto needs.
  local linker='-fuse-ld=gold -fno-use-linker-plugin'
  case $language in
    c) compile="gcc -std=gnu17 -O2 -DONLINE_JUDGE $linker -o $name.out $* -lm" ;;
    cpp) compile="g++ -std=gnu++17 -O2 -DONLINE_JUDGE $linker -o $name.out $*" ;;
    java)
      compile="java-program $source $name.out"
      if (($# > 1)) || ! command -v java-program > /dev/null; then
        # Several files, or an image from before there was a java-program: a class of the file's name, in no package.
        compile="javac $jvm -proc:none -encoding UTF-8 -d classes $* && jar $jvm -c -f $name.out -e ${source%.*} -C classes ."
      fi
      run="exec java -Xmx{memoryMb}m -Xss64m -XX:+UseSerialGC -XX:-UsePerfData -jar $name.out" stack=0
      ;;
    python)
      compile="python3 -m py_compile $* && cp $source $name.out" run="exec python3 $name.out"
      if (($# > 1)); then compile="python3 -m py_compile $* && cp $source __main__.py && python3 -m zipfile -c $name.out __main__.py ${*:2}"; fi
      ;;
    javascript)
      compile="node --check $source && cp $source $name.out"
      if (($# > 1)); then compile="echo 'a JavaScript program has to be one file' >&2; exit 1"; fi
      run="exec node --max-old-space-size={memoryMb} $name.out" stack=0
      ;;
    # Units and modules are found by their names.
    pascal) compile="fpc -O2 -vew -o$name.out $source" ;;
    # Without the mode, a package that is not main becomes an archive.
    go) compile="GOCACHE=\$PWD/cache GO111MODULE=off CGO_ENABLED=0 go build -buildmode=exe -p 1 -o $name.out $*" ;;
    # Without the type, the source may choose to be a library.
    rust) compile="rustc --crate-type bin --edition 2021 -C opt-level=2 -C codegen-units=1 -C strip=symbols -o $name.out $source" ;;
    csharp) compile="mcs -optimize+ -out:$name.out $*"; run="exec mono $name.out" stack=0 ;;
  esac
}

# Puts the files of the folder "with" beside the source. Sets sources, the one that is run first, and headers.
take_others() {
  local file name
  for file in with/*; do
    name=${file#with/}
    [[ $name =~ ^[A-Za-z0-9_][A-Za-z0-9_-]*\.([a-z]+)$ && -f $file ]] || die "$file must be a file with a name of letters, digits, _ and -, and one ending"
    [[ ${BASH_REMATCH[1]} == h || ${BASH_REMATCH[1]} == hpp || -n ${LANGUAGES[${BASH_REMATCH[1]}]:-} ]] \
      || die "$file must be a source or a header, with one of the endings h hpp ${!LANGUAGES[*]}"
    [[ ! -e $name ]] || die "$file would replace $name"
    mv -T "$file" "$name"
    case $name in
      *.h | *.hpp) headers+=("$name") ;;
      Grader.*) if [[ ${LANGUAGES[${name#*.}]} == "$language" ]]; then sources=("$name" "${sources[@]}"); fi ;;
      *) if [[ ${LANGUAGES[${name#*.}]} == "$language" ]]; then sources+=("$name"); fi ;;
    esac
  done
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
headers=(*.h *.hpp)
take_others
describe "$language" "$name" "${sources[@]}"
for word in $compile; do
  [[ $word == *=* ]] || break
done
command -v "$word" > /dev/null || die "this image has no $language compiler ($word); build it with LANGUAGES=all"

for source in "${sources[@]}"; do drop_mark "$source"; done
# While there is room for it: a compiler may fill all that it can write to.
outputs='"runner.json", "stdout.txt", "stderr.txt"'
echo "{\"Outputs\": [$outputs]}" > return.json
printf '{"language": "%s", "command": "%s", "stackMb": %d}\n' "$language" "$run" "$stack" > "$name.json"
# From here on nobody but root writes here; compilers have a folder of their own.
runner --in build "${sources[@]}" ${headers[@]+"${headers[@]}"} <<< "$LIMITS
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
