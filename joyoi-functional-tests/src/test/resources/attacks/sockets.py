# Tries: to keep data in sockets
# Verdict: Accepted or MemoryExceeded or RuntimeError
import socket
pairs = []
try:
    for i in range(2000):
        pairs.append(socket.socketpair())
        pairs[-1][0].setblocking(False)
        pairs[-1][0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
        try:
            while pairs[-1][0].send(bytes(65536)): pass
        except BlockingIOError: pass
except OSError: pass
print(7)
