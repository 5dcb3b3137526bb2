# Tries: to take all files in all folders
# Verdict: Accepted
# Limit: {"userTimeMs": 10000}
import os
for place in '.', '/tmp', '/var/tmp', '/dev/shm':
  try:
    for i in range(1_000_000):
      os.mknod(f'{place}/{i}')
  except OSError:
    pass
print(7)
