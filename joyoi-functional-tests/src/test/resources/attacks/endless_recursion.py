# Tries: to fill its stack
# Verdict: RuntimeError or MemoryExceeded
import sys
sys.setrecursionlimit(1 << 30)
def deeper(n): return deeper(n + 1)
deeper(0)
