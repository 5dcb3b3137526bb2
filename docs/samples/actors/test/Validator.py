"""A validator that does as its input says: WORD, and the exit code that it would end with."""

import os
import signal
import sys

word, *code = open(sys.argv[1]).read().split()
if word == "talk":  # More than a pipe holds.
    print("x" * 300_000)
elif word == "shout":
    print("x" * 300_000, file=sys.stderr)
elif word == "bytes":
    os.write(1, b'\xff\\"\n\n')
elif word == "flood":  # More than is kept of an output.
    while True:
        try:
            os.write(1, b"x" * 1_000_000)
        except OSError:
            break
elif word == "say":
    print(*code[1:], file=sys.stderr)
elif word == "names":
    print(*sys.argv[1:])
elif word == "spin":
    while True:
        pass
elif word == "sleep":
    signal.pause()
elif word == "big":
    held = b"x" * 50_000_000
elif word == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
elif word == "fork" and os.fork() == 0:
    while True:
        pass
os._exit(int(code[0])) if word == "flood" else sys.exit(int(code[0]))
