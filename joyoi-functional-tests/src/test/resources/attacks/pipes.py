# Tries: to keep data in pipes
# Verdict: Accepted or MemoryExceeded or RuntimeError
import fcntl, os
ends = []
try:
    for i in range(1000):
        ends.append(os.pipe())
        try: fcntl.fcntl(ends[-1][1], 1031, 1 << 20)
        except OSError: pass
        os.set_blocking(ends[-1][1], False)
        while os.write(ends[-1][1], bytes(65536)): pass
except OSError: pass
for i in range(400):
    try:
        while os.write(ends[i][1], bytes(65536)): pass
    except (OSError, IndexError): pass
print(7)
