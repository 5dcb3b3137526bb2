# Tries: to fill all folders to the last byte
# Verdict: Accepted or WrongAnswer or RuntimeError or MemoryExceeded or TimeExceeded or OutputExceeded
import errno, itertools, os
def fill(place):
  for i in itertools.count():
    file = os.open(f'{place}/{i}', os.O_CREAT | os.O_WRONLY)
    for size in 1 << 20, 1:
      try:
        while True: os.write(file, bytes(size))
      except OSError as e:
        if e.errno == errno.ENOSPC and size == 1: return
for place in '.', '/tmp', '/var/tmp', '/dev/shm':
  fill(place)
print(7)
