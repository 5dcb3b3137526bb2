# Tries: to open memory, environment, descriptors and root of every other process
# Verdict: Accepted
import os
found = []
for pid in filter(str.isdigit, os.listdir('/proc')):
    if int(pid) == os.getpid(): continue
    for name in 'mem', 'environ', 'maps', 'root/etc/shadow', 'cwd/runner.json':
        try:
            open(f'/proc/{pid}/{name}', 'rb').close()
            found.append((pid, name))
        except OSError: pass
    try: found += [(pid, fd) for fd in os.listdir(f'/proc/{pid}/fd')]
    except OSError: pass
print(found if found else 7)
