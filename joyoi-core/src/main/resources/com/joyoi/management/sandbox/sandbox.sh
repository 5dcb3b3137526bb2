# Process 1 of a sandbox: bash -c TEXT joyoi-sandbox WORKDIR. Becomes the native agent where the image has it; elsewhere this loop obeys the
# same protocol (node-image/agent/PROTOCOL.md), without cache and reset. It is not safe from an actor that is root, who can forge his own
# result by it, and so it serves one run. The image needs bash, tar, head, tail and stat.
if [[ -x /usr/local/bin/joyoi-agent && ${2:-} != shell ]]; then exec /usr/local/bin/joyoi-agent "$1"; fi

exec 3<&0 4>&1 0</dev/null 1>/dev/null 2>&1
# Never readable: to wait without a process.
exec 5<> <(:)
umask 0

reply() { printf '%s\n' "$*" >&4; }
count_others() {
  local process
  others=0
  for process in /proc/[0-9]*; do [[ $process == /proc/1 ]] || others=$((others + 1)); done
}
# Leaves in $others how many are left after five seconds.
kill_all() {
  local attempt
  for ((attempt = 0; attempt < 500; attempt++)); do
    kill -KILL -1
    count_others
    ((others > 0)) || return 0
    read -r -t 0.01 -u 5
  done
}
fatal() {
  reply "fatal $*"
  kill_all
  exit 1
}
# The next word of $rest, into $word.
next() {
  [[ -n $rest ]] || fatal "a request lacks a word"
  word=${rest%% *}
  rest=${rest#"$word"}
  rest=${rest# }
}
# number MAXIMUM: the next word, into $number.
number() {
  next
  [[ $word =~ ^[0-9]{1,15}$ ]] && ((10#$word <= $1)) || fatal "'${word:0:40}' is not a number of at most $1"
  number=$((10#$word))
}
no_more() { [[ -z $rest ]] || fatal "a request has a word too many"; }
skip() { head -c "$1" <&3; }
microseconds() {
  local up
  if [[ -n ${EPOCHREALTIME:-} ]]; then
    now=${EPOCHREALTIME/[.,]/}
  else
    read -r up _ < /proc/uptime
    now=$((10#${up/./} * 10000))
  fi
}
oom_kills() {
  local file key value
  kills=0
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [[ -r $file ]] || continue
    while read -r key value; do [[ $key != oom_kill ]] || kills=$value; done < "$file"
  done
}

put() {
  local problem
  number 1000000000000000
  no_more
  if ((number == 0)); then
    reply ok
    return
  fi
  # What tar leaves unread when it fails is taken all the same.
  if problem=$(skip "$number" | { tar -x -f - 2>&1; code=$?; head -c 1000000000000000 > /dev/null; exit "$code"; }); then
    reply ok
  elif [[ $problem == *"No space left"* || $problem == *"Wrote only"* ]]; then
    reply "error space the files don't fit into WorkDir"
  else
    problem=${problem//[$'\001'-$'\037']/ }
    reply "error invalid tar: ${problem:0:200}"
  fi
}

run() {
  local deadline_ms count pair command pairs=() start started_kills watcher main code watched end=exit
  number 1000000000000000
  deadline_ms=$number
  number 64
  count=$number
  number 131071
  no_more
  for (( ; count > 0; count--)); do
    IFS= read -r pair <&3 || exit 0
    [[ $pair =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || fatal "'${pair:0:40}' is not NAME=VALUE"
    pairs+=("$pair")
  done
  command=$(skip "$number"; printf x)
  oom_kills
  started_kills=$kills
  microseconds
  start=$now
  # Job control, since without it bash lets background commands ignore signals.
  set -m
  (
    umask 022
    exec 3<&- 4>&- 5<&-
    ((${#pairs[@]} == 0)) || export "${pairs[@]}"
    exec bash -c "${command%x}"
  ) &
  main=$!
  # Dead-man: nothing may come while the command runs, so whatever comes, the end included, ends everything.
  (
    IFS= read -r -n 1 -t "$((deadline_ms / 1000)).$(printf '%03d' $((deadline_ms % 1000)))" -u 3
    (($? > 128)) && code=10 || code=11
    kill -KILL -1
    exit "$code"
  ) &
  watcher=$!
  set +m
  wait -n
  microseconds
  count_others
  if kill -0 "$watcher"; then
    kill -KILL "$watcher"
    others=$((others - 1))
  fi
  count=$others
  kill_all
  wait "$main"
  code=$?
  wait "$watcher"
  watched=$?
  # The watcher may have been killed after it had killed the command, and before it could say so.
  ((code != 137 || now - start < deadline_ms * 1000)) || end=deadline
  case $watched in
    10) end=deadline ;;
    11) fatal "the input ended, or something came, while a command ran" ;;
  esac
  oom_kills
  reply "ran exitCode=$code wallUs=$((now - start)) oomKills=$((kills - started_kills)) killed=$count survivors=$others end=$end"
}

# Into $kind.
look() {
  if [[ -L ./$1 ]]; then kind=link
  elif [[ -d ./$1 ]]; then kind=folder
  elif [[ -f ./$1 ]]; then kind=file
  elif [[ -S ./$1 ]]; then kind=socket
  elif [[ -e ./$1 ]]; then kind=other
  else kind=none; fi
}
is_good_path() {
  local LC_ALL=C left=$1/ part
  ((${#1} <= 4095)) || return 1
  while [[ -n $left ]]; do
    part=${left%%/*}
    left=${left#*/}
    [[ -n $part && $part != . && $part != .. ]] && ((${#part} <= 255)) || return 1
  done
}
fetch() {
  local offset maximum path=$1 left prefix= size count
  number 1000000000000000
  offset=$number
  number 67108864
  maximum=$number
  path=$rest
  if ! is_good_path "$path"; then
    reply "error invalid '${path:0:150}' is not a plain relative path"
    return
  fi
  left=$path
  while [[ $left == */* ]]; do
    prefix+=${left%%/*}
    left=${left#*/}
    look "$prefix"
    case $kind in
      folder) prefix+=/ ;;
      none) reply none; return ;;
      *) reply "refused $kind $prefix"; return ;;
    esac
  done
  look "$path"
  case $kind in
    file) ;;
    none) reply none; return ;;
    *) reply "refused $kind $path"; return ;;
  esac
  size=$(stat -c %s -- "./$path") || size=0
  count=$((size > offset ? size - offset : 0))
  ((count <= maximum)) || count=$maximum
  reply "file $size $count"
  if ((count > 0)); then
    # Zeros for what can't be read: the length has been told.
    { if ((offset == 0)); then head -c "$count" -- "./$path"; else tail -c "+$((offset + 1))" -- "./$path"; fi
      head -c "$count" /dev/zero
    } | head -c "$count" >&4
  fi
  reply ok
}

for tool in tar head tail stat; do
  command -v "$tool" || fatal "the image has no $tool, which Container.Transport 'stream' needs; use an image with it, or 'archive'"
done
[[ $(printf 'ab\n' | { head -c 1 > /dev/null; read -r rest; echo "$rest"; }) == b ]] ||
  fatal "head of this image takes more than it is asked for, so Container.Transport 'stream' can't be used with it; use 'archive'"
mkdir -p -- "$1" && chmod 1777 -- "$1" && cd -P -- "$1" || fatal "WorkDir '$1' can't be used"
reply "joyoi-sandbox 1 1 shell"

greeted=
while IFS= read -r line <&3; do
  ((${#line} < 8192)) || fatal "a line is longer than 8191 bytes"
  rest=$line
  next
  [[ -n $greeted || $word == hello ]] || fatal "the first request must be hello"
  case $word in
    hello)
      number 1000
      ((number == 1)) || fatal "version $number is not spoken here"
      greeted=yes
      reply ok
      ;;
    put) put ;;
    run) run ;;
    fetch) fetch ;;
    store)
      next
      number 1000000000000000
      no_more
      skip "$number"
      reply "error space there is no cache"
      ;;
    place) reply missing ;;
    reset) reply "condemned the shell loop can't prove that nothing is left" ;;
    *) fatal "'${word:0:40}' is not a request" ;;
  esac
done
kill_all
