# Tries: to fill every folder in memory
# Verdict: Accepted or MemoryExceeded
for place in '/dev/shm', '/tmp', '/var/tmp', '.':
    try:
        for i in range(1000):
            with open(f'{place}/f{i}', 'wb') as file: file.write(bytes(1 << 20))
    except OSError: pass
print(7)
