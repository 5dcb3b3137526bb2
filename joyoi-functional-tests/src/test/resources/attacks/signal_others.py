# Tries: to signal every process that is not its own
# Verdict: Accepted
import os, signal
hit = []
for pid in filter(str.isdigit, os.listdir('/proc')):
    if int(pid) == os.getpid(): continue
    for number in signal.SIGSTOP, signal.SIGKILL, signal.SIGTERM:
        try:
            os.kill(int(pid), number)
            hit.append(pid)
        except OSError: pass
print(8 if hit else 7)
