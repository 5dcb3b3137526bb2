# Tries: to leave folders that are too deep to remove
# Verdict: Accepted
# Limit: {"userTimeMs": 10000}
import os
try:
    for i in range(30000):
        os.mkdir('d')
        os.chdir('d')
except OSError: pass
print(7)
