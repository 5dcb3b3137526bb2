# Tries: to reach anybody
# Verdict: Accepted
# Limit: {"totalTimeMs": 20000}
import socket
reached = []
for host, port in ('127.0.0.1', 2375), ('127.0.0.1', 2376), ('127.0.0.1', 3306), ('127.0.0.1', 8080), ('169.254.169.254', 80), ('172.17.0.1', 2376), ('10.0.0.1', 80), ('192.0.2.1', 80), ('1.1.1.1', 53), ('::1', 2376):
    with socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET) as call:
        call.settimeout(0.2)
        if call.connect_ex((host, port)) == 0: reached.append((host, port))
try: reached.append(socket.gethostbyname('www.example.com'))
except OSError: pass
print(reached if reached else 7)
