# Tries: to write to the kernel's settings
# Verdict: Accepted
# Limit: {"userTimeMs": 8000}
import os
own = f'/proc/{os.getpid()}/'
written = []
for top in '/proc/sys', '/sys', '/proc/irq', '/proc/bus':
    for folder, folders, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
                written.append(path)
            except OSError: pass
for path in '/proc/sysrq-trigger', '/proc/kcore', '/proc/kmsg', '/proc/1/oom_score_adj', '/proc/1/mem':
    try:
        os.close(os.open(path, os.O_RDWR))
        written.append(path)
    except OSError: pass
print(written if written else 7)
