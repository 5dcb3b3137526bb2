# Tries: to write to the descriptors of those who started it
# Verdict: WrongAnswer
# Limit: {"userTimeMs": 5000}
import os
for pid in filter(str.isdigit, os.listdir('/proc')):
    if int(pid) == os.getpid(): continue
    for fd in range(64):
        try: os.write(os.open(f'/proc/{pid}/fd/{fd}', os.O_WRONLY | os.O_NONBLOCK), b'7\n')
        except OSError: pass
print(8)
