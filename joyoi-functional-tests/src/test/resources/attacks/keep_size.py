# Tries: to take 2 GB of the node's disk with no file that large
# Verdict: Accepted
import ctypes, os
file, KEEP_SIZE, size = os.open('big', os.O_CREAT | os.O_WRONLY), 1, ctypes.c_long(2 << 30)
print(7 if ctypes.CDLL(None).fallocate(file, KEEP_SIZE, ctypes.c_long(0), size) != 0 else 8)
