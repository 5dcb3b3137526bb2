# Tries: to see or forge what others send
# Verdict: Accepted
import socket
got = []
for family, kind, protocol in (17, socket.SOCK_RAW, 0x0300), (socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_INET, socket.SOCK_RAW, 255), (socket.AF_INET6, socket.SOCK_RAW, 58), (40, socket.SOCK_STREAM, 0), (38, 5, 0), (16, socket.SOCK_RAW, 12), (socket.AF_INET, socket.SOCK_STREAM, 132):
    try:
        socket.socket(family, kind, protocol).close()
        got.append(family)
    except OSError: pass
print(got if got else 7)
