# Tries: to compute what never ends, inside one instruction
# Verdict: TimeExceeded or MemoryExceeded
print(9 ** 9 ** 9)
