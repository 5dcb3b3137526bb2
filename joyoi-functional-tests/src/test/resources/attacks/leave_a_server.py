# Tries: to leave a server for the next program
# Verdict: Accepted
import os, socket
servers = []
for family, address in (socket.AF_UNIX, '\0server'), (socket.AF_INET, ('127.0.0.1', 7777)), (socket.AF_INET6, ('::1', 7777)):
    try:
        servers.append(socket.socket(family))
        servers[-1].bind(address)
        servers[-1].listen()
    except OSError: pass
if os.fork() == 0:
    os.setsid()
    while True: servers[0].accept()
print(7)
