# Tries: to break whoever lists its files
# Verdict: Accepted
import os
for name in b'\n', b'\x1b[2J', b'\xff\xfe', b'-rf', b'a b', b'$(id)', b'`id`', b"'", b'"', b'*', b'x' * 255, b'\x7f\x01', '\u202e'.encode():
    open(name, 'w').close()
print(7)
