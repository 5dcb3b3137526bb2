# Tries: nothing: it reads 300 MB of files, which is nobody's memory
# Verdict: Accepted
# Limit: {"userTimeMs": 10000}
import os
read = 0
for folder, folders, names in os.walk('/usr/lib'):
    for name in names:
        path = os.path.join(folder, name)
        try:
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, 'rb') as file:
                    while block := file.read(1 << 20): read += len(block)
        except OSError: pass
        if read > 300 << 20: break
    if read > 300 << 20: break
print(7)
