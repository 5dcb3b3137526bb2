# Tries: to become root by a program of the image
# Verdict: Accepted
import subprocess
got = 0
for words in ['su', '-c', 'id -u'], ['sudo', '-n', 'id', '-u'], ['pkexec', 'id', '-u'], ['newgrp', 'root'], ['mount', '-t', 'tmpfs', 'none', '/tmp'], ['chsh', '-s', '/bin/sh', 'root'], ['passwd', '-d', 'root']:
    try: got |= subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=1).stdout.strip() == b'0'
    except (OSError, subprocess.TimeoutExpired): pass
print(8 if got else 7)
