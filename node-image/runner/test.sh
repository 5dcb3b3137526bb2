#!/usr/bin/env bash
# Tests the runner as it stands in an image, inside a container that is restricted as actors' containers are.
# Usage: test.sh [IMAGE]     (IMAGE is joyoi unless given; the engine is that of DOCKER_HOST)
set -euo pipefail

if [[ ${1:-} != --inside ]]; then
  exec docker run --rm --network none --security-opt no-new-privileges --pids-limit 512 --memory 256m --memory-swap 256m \
    --cpu-period 1000000 --cpu-quota 1000000 \
    --cap-drop ALL --cap-add SETUID --cap-add SETGID --cap-add KILL --cap-add DAC_OVERRIDE --cap-add FOWNER --cap-add CHOWN \
    --tmpfs /full:mode=1777,size=1m,nr_inodes=64 --tmpfs /memory:exec,mode=1777,size=128m --shm-size 128m \
    --env KNOWN="$(cat "$(dirname "${BASH_SOURCE[0]}")/test/known.c")" --workdir /workdir "${1:-joyoi}" \
    bash -c "$(cat "${BASH_SOURCE[0]}")" test.sh --inside
fi

readonly RUNNER_UID=10001 CAP=$((16 * 1024 * 1024))
passed=0 failed=0

ok() { passed=$((passed + 1)); }
bad() {
  failed=$((failed + 1))
  printf 'FAILED %s: %s\n' "$case" "$1"
  if [[ -f runner.json ]]; then cat runner.json; fi
}
# check WHAT COMMAND...: the command must succeed.
check() { local what=$1; shift; if "$@"; then ok; else bad "$what"; fi; }
same() { if [[ $2 == "$3" ]]; then ok; else bad "$1 is '$2', expected '$3'"; fi; }
between() { if (($2 >= $3 && $2 <= $4)); then ok; else bad "$1 is $2, expected $3 to $4"; fi; }
field() { python3 -c 'import json, sys; print(json.load(open("runner.json"))[sys.argv[1]])' "$1"; }
# field NAME is VALUE, as Python prints it.
is() { same "$1" "$(field "$1")" "$2"; }
# run LIMITS COMMAND: leaves the runner's own exit code in $code.
run() { code=0; printf '%s\n%s\n' "$1" "$2" | runner 2> runner.log || code=$?; }
survivors() { grep -lsP "^Uid:\t$RUNNER_UID\t" /proc/[0-9]*/status 2> /dev/null | wc -l; }
# Each case has an empty folder like an actor's.
begin() { case=$1; rm -rf /workdir/t; mkdir -m 1777 /workdir/t; chmod 1777 /workdir/t; cd /workdir/t; }
compile() { gcc -O1 -pthread -x c -o "/workdir/$1" -; }
compile known <<< "$KNOWN"
# near WHAT MEASURED KNOWN ABSOLUTE: within five per cent, or that much.
near() {
  local allowed=$(($3 / 20 > $4 ? $3 / 20 : $4))
  between "$1" "$2" $(($3 - allowed)) $(($3 + allowed))
}

begin "a command that succeeds is reported with its output"
run 1000 'echo out; echo err >&2'
same code "$code" 0
same stdout "$(cat stdout.txt)" out
same stderr "$(cat stderr.txt)" err
is Command 'echo out; echo err >&2'
is ExitCode 0; is Limit None; is Error ""; is IsTimeout False; is IsOOM False; is Truncated False; is Evidence None
between PeakMemory "$(field PeakMemory)" 500000 50000000
same keys "$(python3 -c 'import json; print(*sorted(json.load(open("runner.json"))))')" \
  "Command Error Evidence ExitCode IsOOM IsTimeout Limit PeakMemory SystemTime TotalTime Truncated UserTime"

begin "standard input is stdin.txt"
printf 'a\nb' > stdin.txt
run 1000 'cat; echo; cat /dev/stdin; ls -l stdin.txt >&2'
same stdout "$(cat stdout.txt)" $'a\nb\na\nb'
begin "standard input is readable by name even when root keeps it to itself"
printf 'x' > stdin.txt; chmod 600 stdin.txt
run 1000 'cat /dev/stdin; echo y > /dev/stdout'
is ExitCode 0
run 1000 'echo z > stdin.txt'
check "stdin.txt can't be written" test "$(cat stdin.txt)" = x
begin "standard input is empty without stdin.txt"
run 1000 'wc -c'
same stdout "$(cat stdout.txt)" 0
begin "standard input that is a link is refused"
ln -s /etc/shadow stdin.txt
run 1000 'cat'
same code "$code" 1
check Error grep -q 'symbolic link' runner.json
begin "standard input that is a FIFO is refused"
mkfifo stdin.txt
run 1000 'cat'
same code "$code" 1

begin "exit codes are passed on"
run 1000 'exit 7'; is ExitCode 7
run 1000 'no-such-command'; is ExitCode 127
run 1000 'kill -SEGV $$'; is ExitCode 139; is Limit None
run 1000 'kill -TERM $$'; is ExitCode 143
run 1000 '(kill -ABRT $BASHPID); exit $?'; is ExitCode 134

begin "the program is user runner without any right"
run 1000 'id -u; id -g; id -G; grep -E "^Cap(Inh|Prm|Eff|Amb)|^NoNewPrivs" /proc/self/status | cut -f2 | sort -u; cat /proc/self/oom_score_adj'
same stdout "$(tr '\n' ' ' < stdout.txt)" "$RUNNER_UID $RUNNER_UID $RUNNER_UID 0000000000000000 1 1000 "
begin "the program gets no descriptor above 2"
exec 7< /etc/passwd
run 1000 'for fd in /proc/$$/fd/*; do if [[ -e $fd ]]; then echo ${fd##*/}; fi; done'
exec 7<&-
same stdout "$(tr '\n' ' ' < stdout.txt)" "0 1 2 "
begin "the environment is the runner's own"
SECRET=s BASH_ENV=/etc/passwd LD_PRELOAD='' run 1000 'env | cut -d= -f1 | sort | tr "\n" " "; echo $HOME $LANG $USER'
same stdout "$(cat stdout.txt)" "HOME LANG PATH PWD SHLVL USER _ /tmp C.UTF-8 runner"
begin "signals are at their defaults"
(trap '' PIPE TERM; run 1000 'yes | head -1; kill -TERM $$'; is ExitCode 143)

begin "a plain command is executed without a shell, under its own name"
run 1000 '/usr/bin/env -u USER'
same environment "$(sort stdout.txt | tr '\n' ' ')" 'HOME=/tmp LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin '
run 1000 'exec  python3 -c "" '; is ExitCode 0
run 1000 'exec python3 -S --version x=y'; is ExitCode 0
begin "what looks plain and is not is left to bash"
run 1000 'exec -a other bash -c "echo \$0"'; same stdout "$(cat stdout.txt)" other
run 1000 'A/=1'; is ExitCode 127
run 1000 'exit 7'; is ExitCode 7
run 1000 'exec'; is ExitCode 0
run 1000 'echo *'; check stdout grep -q runner.json stdout.txt
run 1000 'X=/bin/true env'; check stdout grep -q ^X= stdout.txt
run 1000 '/bin/echo ~'; same stdout "$(cat stdout.txt)" /tmp
run 1000 '/bin/echo a{1,2} '; same stdout "$(cat stdout.txt)" 'a1 a2'
run 1000 "/bin/echo $(printf 'w %.0s' {1..100})"; same words "$(wc -w < stdout.txt)" 100
begin "a plain command that can't be executed ends as in bash"
run 1000 './missing'; is ExitCode 127; check message grep -q 'No such file' stderr.txt
run 1000 'exec missing'; is ExitCode 127
touch data; run 1000 './data'; is ExitCode 126
run 1000 '/bin'; is ExitCode 126
echo 'echo script' > script; chmod 755 script; run 1000 './script'; same stdout "$(cat stdout.txt)" script
begin "the stack is as large as asked for"
run '1000 0 0 0 0 64' 'ulimit -Ss; ulimit -Hs'; same stdout "$(tr '\n' ' ' < stdout.txt)" '65536 65536 '
run '1000 0 0 0 0 0' 'ulimit -Ss'; same stdout "$(cat stdout.txt)" "$(ulimit -Ss)"
(ulimit -Hs 16384; run '1000 0 0 0 0 64' 'ulimit -Ss'; same stdout "$(cat stdout.txt)" 16384)

# into FOLDER FILE...: like run, in a folder of the program's own, with a second's limit.
into() { code=0; printf '1000\n%s\n' "$1" | runner --in "${@:2}" 2> runner.log || code=$?; }
begin "a folder of the program's own has its files, and nothing else can be written"
echo 'echo script' > program; echo in > case.txt; chmod 600 program
into 'ls; ./program; cat; echo x > new; echo x > ../new; rm -f ../runner.json ../stdout.txt; ls -ld . .. | cut -c1-10' box program case.txt=stdin.txt
same code "$code" 0; is Error ""
same stdout "$(tr '\n' ' ' < stdout.txt)" 'program stdin.txt script in drwxrwxrwt drwxr-xr-x '
check "errors are outside" grep -q 'Permission denied' stderr.txt
check "the program's file is inside" test -f box/new
check "nothing else is outside" test "$(ls | tr '\n' ' ')" = 'box runner.json runner.log stderr.txt stdout.txt '
begin "a folder that can't be made is an error"
mkdir box; into true box; same code "$code" 2; check message grep -q 'box' runner.log; check "no report" test ! -e runner.json
into true a/b; same code "$code" 2
into true ..; same code "$code" 2
begin "a file that can't be moved is an error"
ln -s /etc/shadow link; mkdir folder
for file in link folder missing ../t/link link=a/b =x x=; do rm -rf box; into true box "$file"; same "code of $file" "$code" 2; check "no report" test ! -e runner.json; done
check "the link's target is as it was" test "$(stat -c %a /etc/shadow)" = 640
begin "arguments that are not understood are refused"
code=0; runner x < /dev/null 2> runner.log || code=$?; same code "$code" 2; check usage grep -q usage runner.log
code=0; runner --in < /dev/null 2> runner.log || code=$?; same code "$code" 2; check usage grep -q usage runner.log

begin "a busy loop ends at its CPU time"
run '300 20000' 'while :; do :; done'
is Limit userTime; is IsTimeout True; is ExitCode 137
between CPU $(($(field UserTime) + $(field SystemTime))) 300 900
begin "a sleeper ends at its total time"
run '5000 300' 'sleep 100'
is Limit totalTime; is IsTimeout True; is ExitCode 137
between TotalTime "$(field TotalTime)" 300 10000
check Evidence grep -q 'ms by the clock; the runner ended it' runner.json
begin "total time is twice the CPU time unless given"
run 200 'sleep 100'
is Limit totalTime
between TotalTime "$(field TotalTime)" 400 10000
begin "a program that stops itself ends at its total time"
run '5000 300' 'kill -STOP $$'
is Limit totalTime
begin "a program that ended itself is within its limits"
run '1000 20000' 'sleep 0.2'
is Limit None
between TotalTime "$(field TotalTime)" 200 20000
begin "processes share the CPU time"
run '500 20000' 'for i in 1 2 3 4; do while :; do :; done & done; wait'
is Limit userTime
between CPU $(($(field UserTime) + $(field SystemTime))) 500 1500
begin "children that ended count"
run '400 20000' 'for i in $(seq 100); do (for ((j = 0; j < 10000; j++)); do :; done); done'
is Limit userTime
begin "children that nobody waits for count"
cat > hide.py << 'PYTHON'
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for i in range(200):
    if os.fork() == 0:
        while time.process_time() < 0.1: pass
        os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
PYTHON
run '400 30000' 'python3 hide.py'
is Limit userTime
between CPU $(($(field UserTime) + $(field SystemTime))) 400 1500
for who in one threads children unseen orphans; do
  begin "a known amount of CPU time is measured: $who"
  run '5000 30000' "/workdir/known cpu $who 200"
  is ExitCode 0; is Limit None
  near CPU $(($(field UserTime) + $(field SystemTime))) 200 10
  begin "CPU time ends it, in time: $who"
  run '200 30000' "/workdir/known cpu $who 2000"
  is Limit userTime
  between CPU $(($(field UserTime) + $(field SystemTime))) 200 260
  check Evidence grep -q 'ms of CPU time, by the .*; the runner ended it' runner.json
done
begin "a daemon does not outlive the command"
run 1000 'setsid bash -c "(trap \"\" HUP TERM; while :; do :; done) &" & sleep 0.2; exit 3'
is ExitCode 3
same survivors "$(survivors)" 0
begin "a daemon's CPU time counts"
run '300 20000' 'setsid bash -c "(while :; do :; done) &"; sleep 100'
is Limit userTime
same survivors "$(survivors)" 0

begin "memory above memoryMb is a limit exceeded"
run '5000 20000 0 50' 'python3 -c "b = bytearray(100 << 20)"'
is Limit memory; is IsOOM False; is ExitCode 0
between PeakMemory "$(field PeakMemory)" $((100 << 20)) $((150 << 20))
begin "memory below memoryMb is none"
run '5000 20000 0 200' 'python3 -c "b = bytearray(100 << 20)"'
is Limit None
begin "memory above the container's is an OOM"
run '5000 20000' 'python3 -c "b = bytearray(1 << 30)"'
same code "$code" 0
is Limit memory; is IsOOM True; is ExitCode 137
begin "exit code 137 alone is no OOM"
run '5000 20000' 'kill -9 $$'
is ExitCode 137; is IsOOM False; is Limit None
is Evidence 'unknown: killed, but neither by the runner nor for memory'
begin "what ran before does not show"
run '5000 20000' '/bin/true'
before=$(field PeakMemory)
run '5000 20000' 'python3 -c "b = bytearray(100 << 20)"; for i in 1 2 3; do (while :; do :; done) & done; sleep 0.3'
run '5000 20000' '/bin/true'
between PeakMemory "$(field PeakMemory)" 0 $((before + 2000000))
between CPU $(($(field UserTime) + $(field SystemTime))) 0 50
# family HOW MB: two children that have MB each, together, in turn, or unseen by wait; or one that reads its parent's. They live long enough to be
# seen on a slow machine, too.
compile family << 'C'
  #include <signal.h>
  #include <stdlib.h>
  #include <string.h>
  #include <sys/wait.h>
  #include <unistd.h>
  static volatile char *memory;
  static size_t size;
  static void fill(void) {
    memory = malloc(size);
    for (size_t at = 0; at < size; at += 512) memory[at] = 1;
  }
  static void child(int reads) {
    if (fork() != 0) return;
    if (!reads) fill();
    for (size_t at = 0; at < size; at += 512) (void)memory[at];
    usleep(400000);
    _exit(0);
  }
  int main(int count, char **words) {
    if (count != 3) return 2;
    size = (size_t)atoi(words[2]) << 20;
    if (strcmp(words[1], "unseen") == 0) signal(SIGCHLD, SIG_IGN);
    if (strcmp(words[1], "reads") == 0) fill();
    child(strcmp(words[1], "reads") == 0);
    if (strcmp(words[1], "in-turn") == 0) wait(NULL);
    if (strcmp(words[1], "reads") != 0) child(0);
    while (wait(NULL) > 0) {}
    return 0;
  }
C
# The kernel's counter may be late by half a megabyte for each processor.
begin "processes share the memory"
run '5000 20000 0 64' '/workdir/family together 40'
is Limit memory; is IsOOM False; is ExitCode 0
between PeakMemory "$(field PeakMemory)" $((78 << 20)) $((90 << 20))
begin "processes that nobody waits for have their share of it"
run '5000 20000 0 64' '/workdir/family unseen 40'
is Limit memory
between PeakMemory "$(field PeakMemory)" $((78 << 20)) $((90 << 20))
begin "processes that follow one another don't add up"
run '5000 20000 0 64' '/workdir/family in-turn 40'
is Limit None; is ExitCode 0
between PeakMemory "$(field PeakMemory)" $((40 << 20)) $((48 << 20))
begin "what a fork shares counts once"
run '5000 20000 0 64' '/workdir/family reads 40'
is Limit None; is ExitCode 0
between PeakMemory "$(field PeakMemory)" $((40 << 20)) $((48 << 20))
begin "output and files on a disk are no memory of a program"
run '5000 20000 0 16 40' "head -c 30M /dev/zero; head -c 30M /dev/zero > file; sleep 0.4; rm file"
is Limit None; is ExitCode 0
between PeakMemory "$(field PeakMemory)" 300000 $((16 << 20))
begin "output in memory is none either, up to its limit"
rm -rf /memory/*; cd /memory
run '5000 20000 0 8 20' "head -c 18M /dev/zero; head -c 18M /dev/zero >&2; sleep 0.3"
is Limit None; is ExitCode 0
between PeakMemory "$(field PeakMemory)" 300000 $((5 << 20))
begin "files in memory are memory of a program"
for folder in /memory /dev/shm; do
  run '5000 20000 0 16 40' "head -c 30M /dev/zero > $folder/file; sleep 0.3; rm $folder/file"
  is Limit memory; is ExitCode 0
  near "PeakMemory with $folder" "$(field PeakMemory)" $((30 << 20)) $((1 << 20))
done
begin "mapped files of the page cache are no memory of a program"
head -c 60M /dev/zero > file
run '5000 20000 0 16' "python3 -c 'import mmap, time; f = open(\"file\"); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ); sum(m[i] for i in range(0, len(m), 4096)); time.sleep(0.3)'"
is Limit None; is ExitCode 0
rm file
for kind in heap mmap shared sysv shm; do
  for processes in 1 4; do
    begin "a known amount of memory is measured: $kind, processes: $processes"
    run '5000 20000 0 0 128' "/workdir/known memory $kind 100 $processes"
    is ExitCode 0; is Limit None
    near PeakMemory "$(field PeakMemory)" $((100 << 20)) $((1 << 20))
    run '5000 20000 0 90 128' "/workdir/known memory $kind 100 $processes"
    is Limit memory; is IsOOM False
    check Evidence grep -qE '"Evidence": "[0-9]+ bytes, (one process|all processes)' runner.json
  done
done
begin "what a program leaves in memory is gone"
run '5000 20000' "/workdir/known memory sysv 8 1; /workdir/known memory shm 8 1; ipcmk -Q; ipcmk -S 3; mkdir /dev/shm/folder"
same segments "$(cat /proc/sysvipc/{shm,msg,sem} | grep -vc key)" 0
same files "$(find /dev/shm -type f | wc -l)" 0
rmdir /dev/shm/folder
# hog ADJ: asks to be spared by the kernel, and leaves segments until there is no room. It writes something, so that an actor has something to do.
compile hog << 'C'
  #include <fcntl.h>
  #include <stdio.h>
  #include <string.h>
  #include <sys/shm.h>
  #include <unistd.h>
  int main(int count, char **words) {
    int fd = count > 1 ? open("/proc/self/oom_score_adj", O_WRONLY) : -1;
    printf("%s\n", fd >= 0 && write(fd, words[1], strlen(words[1])) > 0 ? "spared" : "not spared");
    fflush(stdout);
    for (;;) {
      char *memory = shmat(shmget(IPC_PRIVATE, 8 << 20, IPC_CREAT | 0600), NULL, 0);
      if (memory == (void *)-1) return 1;
      memset(memory, 1, 8 << 20);
      shmdt(memory);
    }
  }
C
# without_landlock COMMAND...: as on a kernel that has none.
compile without_landlock << 'C'
  #include <errno.h>
  #include <linux/filter.h>
  #include <linux/seccomp.h>
  #include <sys/prctl.h>
  #include <sys/syscall.h>
  #include <unistd.h>
  int main(int count, char **words) {
    struct sock_filter code[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1),
                                 BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {4, code};
    if (count < 2 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return 3;
    execvp(words[1], words + 1);
    return 3;
  }
C
begin "segments until no more are memory exceeded"
for adj in '' 0 -1000; do
  run '5000 20000 0 128' "/workdir/hog $adj"
  same "code $adj" "$code" 0; is Limit memory; is ExitCode 137; is Error ""; same stdout "$(cat stdout.txt)" "not spared"
  check Evidence grep -q 'the runner ended it, the container being nearly full' runner.json
  same segments "$(grep -vc key /proc/sysvipc/shm)" 0
done
begin "segments until the kernel kills are memory exceeded"
for adj in '' 0 -1000; do
  run '5000 20000' "/workdir/hog $adj"
  same "code $adj" "$code" 0; is Limit memory; is ExitCode 137; is IsOOM True; is Error ""
  check Evidence grep -q 'the kernel killed for memory, the container being at its own limit' runner.json
  same segments "$(grep -vc key /proc/sysvipc/shm)" 0
done
begin "a program that the kernel would spare is ended before, on a kernel without Landlock"
code=0; printf '5000 20000 0 128\n/workdir/hog 0\n' | /workdir/without_landlock runner || code=$?
same code "$code" 0; is Limit memory; is Error ""; same stdout "$(cat stdout.txt)" spared
begin "a program writes to no file of /proc, and moves files as ever"
run 1000 'echo 500 > /proc/self/oom_score_adj; mkdir a b; touch a/f; mv a/f b/f && ln b/f a/g && rm b/f; python3 -c "import os; os.rename(\"a/g\", \"b/g\")"; echo y > /tmp/y; rm /tmp/y; cat /proc/self/oom_score_adj; echo x >> /dev/stdout'
is ExitCode 0
same stdout "$(tr '\n' ' ' < stdout.txt)" '1000 x '
same stderr "$(grep -c 'Permission denied' stderr.txt)" 1

begin "memory that takes the place of cached files counts"
head -c 150M /dev/zero > file
run '5000 20000 0 64' '/workdir/family together 90'
is Limit memory; is IsOOM False
between PeakMemory "$(field PeakMemory)" $((178 << 20)) $((190 << 20))
rm file

begin "virtual memory is refused to the program"
run '5000 20000 200' 'python3 -c "b = bytearray(1 << 30)"'
is ExitCode 1; is Limit None
check MemoryError grep -q MemoryError stderr.txt

begin "a fork bomb is dead afterwards"
run '1000 3000' ':() { : | : & }; :; sleep 100'
same code "$code" 0
same survivors "$(survivors)" 0
run 1000 'echo alive'
same stdout "$(cat stdout.txt)" alive
begin "a fork bomb of deaf processes is dead afterwards"
compile bomb <<< '
  #include <signal.h>
  #include <unistd.h>
  int main(void) {
    for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
    for (;;) if (fork() == 0) setsid();
  }'
run '1000 3000' '/workdir/bomb'
same code "$code" 0
check "Limit" grep -qE '"Limit": "(userTime|totalTime)"' runner.json
same survivors "$(survivors)" 0

begin "output is cut at its limit"
run '20000 60000' 'yes'
is Evidence 'an output was longer than its limit'
is Limit output; is Truncated True; is ExitCode 153
same size "$(stat -c %s stdout.txt)" $CAP
begin "output that just fits is whole"
run '20000 60000' "head -c $CAP /dev/zero"
is Limit None; is Truncated False; is ExitCode 0
same size "$(stat -c %s stdout.txt)" $CAP
begin "the request says how much output is kept"
run '20000 60000 0 0 1' 'yes'
is Limit output; is Truncated True; is ExitCode 153
same size "$(stat -c %s stdout.txt)" $((1 << 20))
run '20000 60000 0 0 20' "head -c $((20 << 20)) /dev/zero; true"
is Limit None; is Truncated False
same size "$(stat -c %s stdout.txt)" $((20 << 20))
begin "a program that goes on when its output is full has exceeded that first"
run '1000 60000 0 0 1' 'trap "" XFSZ; yes 2> /dev/null; while :; do :; done'
is Limit output; is IsTimeout False; is ExitCode 137
begin "errors are cut at their limit, by a program that ignores the signal too"
cat > deaf.py << 'PYTHON'
import os
block = bytes(1 << 20)
while True:
    try: os.write(2, block)
    except OSError: os._exit(5)
PYTHON
run '20000 60000' 'python3 deaf.py'
is Limit output; is Truncated True; is ExitCode 5
same size "$(stat -c %s stderr.txt)" $CAP
begin "a hole in the output does not pass the limit"
run '20000 60000' "python3 -c 'import os; os.ftruncate(1, 1 << 40)'"
check "size" test "$(stat -c %s stdout.txt)" -le $CAP

begin "a program that takes all room and every file leaves the report whole"
rm -rf /full/*; cd /full
fill='head -c 2M /dev/zero > big; for i in {1..99}; do : > $i || exit 3; done'
run 1000 ": $(printf '\1%.0s' {1..20000}); { $fill; } 2> /dev/null"
same code "$code" 0; is ExitCode 3; is Limit None; is Error ""
between Command "$(python3 -c 'import json; print(len(json.load(open("runner.json"))["Command"]))')" 20000 21000
check "nothing is behind it" test "$(tail -c 2 runner.json)" = '}'
begin "output that does not fit is the program's own affair"
rm -rf /full/*; cd /full
run 1000 'head -c 2M /dev/zero > big; echo x || exit 4'
same code "$code" 0; is ExitCode 4; is Limit None; is Truncated False; same stdout "$(cat stdout.txt)" ''
begin "a command whose report has no room is not run"
rm -rf /full/*; cd /full
head -c 2M /dev/zero > big 2> /dev/null || true
run 1000 'rm -f big; touch run'
same code "$code" 1; check "not run" test ! -e run
rm -rf /full/*

begin "links under the runner's names are not followed"
echo precious > /workdir/precious
for name in stdout.txt stderr.txt runner.json; do ln -s /workdir/precious $name; done
run 1000 'echo x; echo y >&2'
same code "$code" 0
same precious "$(cat /workdir/precious)" precious
check "runner.json is a file" test ! -L runner.json
check "stdout.txt is a file" test ! -L stdout.txt
begin "a folder under the runner's name is an error"
mkdir stdout.txt
run 1000 'true'
same code "$code" 1
check Error grep -q 'stdout.txt' runner.json
begin "the program can't replace the runner's files"
run 1000 'rm -f runner.json stdout.txt stderr.txt; mv runner.json x; ln -sf /etc/passwd runner.json; echo forged > runner.json; echo real'
same stdout "$(cat stdout.txt)" real
is Error ""
begin "a folder that others may change is refused"
chmod 777 .
run 1000 'true'
same code "$code" 1
check Error grep -q 'sticky' runner.json

begin "the program can't harm the runner or the actor"
run '2000 20000' 'kill -9 $PPID; kill -9 1; kill -STOP $PPID; echo x > /proc/$PPID/mem; echo forged > /proc/1/fd/1; cat /proc/$PPID/environ; echo here'
same code "$code" 0
same stdout "$(cat stdout.txt)" here
begin "the program may kill all it can see, and so only itself"
run '2000 20000' 'sleep 100 & kill -9 -1; echo here'
same stdout "$(cat stdout.txt)" here
begin "a runner that is asked to stop kills first and says so"
{ printf '10000\nsleep 100\n' | runner 2> runner.log & }
until [[ $(survivors) != 0 ]]; do sleep 0.02; done
kill -TERM $!; code=0; wait $! || code=$?
same code "$code" 1
check Error grep -q 'stopped by signal 15' runner.json
same survivors "$(survivors)" 0
begin "a runner that is killed takes the program along"
{ printf '10000\nexec sleep 100\n' | runner 2> runner.log & }
until grep -lsP "^Uid:\t$RUNNER_UID\t" /proc/[0-9]*/status | xargs -r grep -qs '^Name:.sleep'; do sleep 0.02; done
kill -KILL $!; wait $! 2> /dev/null || true
for _ in $(seq 1000); do [[ $(survivors) != 0 ]] || break; sleep 0.02; done
same survivors "$(survivors)" 0

begin "a bad limit line is named"
for line in '' abc 0 -5 1.5 '100 x' '100 200 0 0 0 0 0' 99999999999999999999 '100 200 -1'; do
  case="a bad limit line is named: '$line'"
  run "$line" 'echo x'
  same code "$code" 2
  check Error grep -q '"Error": "limit line: ' runner.json
  is ExitCode -1
  check "no output" test ! -e stdout.txt
done
begin "a request without command is refused"
code=0; printf '100\n' | runner 2> runner.log || code=$?
same code "$code" 2
is Command ''
code=0; runner < /dev/null 2> runner.log || code=$?
same code "$code" 2
check Error grep -q 'two lines' runner.json
begin "a command that is too long is refused"
run 100 "true $(printf '%0140000d' 0)"
same code "$code" 2
check Error grep -q 'longer than' runner.json
begin "a command as long as allowed runs"
run 1000 "true $(printf '%0131000d' 0)"
same code "$code" 0
begin "a command without a line's end runs"
printf '1000\necho x' | runner
same stdout "$(cat stdout.txt)" x
begin "a command of any bytes is reported as JSON"
run 1000 $': "\\\t\x01\x7f" \xc3\xa9 \xf0\x9f\x98\x80 \xff\xed\xa0\x80'
same code "$code" 0
same Command "$(python3 -c 'import json; print(ascii(json.loads(open("runner.json", "rb").read().decode("utf-8"))["Command"]))')" \
  "': \"\\\\\\t\\x01\\x7f\" \\xe9 \\U0001f600 \\ufffd\\ufffd\\ufffd\\ufffd'"
begin "a NUL byte in the command is refused"
code=0; printf '1000\necho \0x\n' | runner 2> runner.log || code=$?
same code "$code" 2
check Error grep -q 'NUL' runner.json

printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
