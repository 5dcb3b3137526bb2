# Tries: to read what is not for it
# Verdict: Accepted
import os
found = []
for path in '/etc/shadow', '/etc/gshadow', '/root/.bashrc', '/proc/kcore', '/proc/1/environ', '/var/run/docker.sock', '/run/docker.sock':
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        found.append(path)
    except OSError: pass
print(found if found else 7)
