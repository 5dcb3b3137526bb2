# Tries: to have hard links to files of others
# Verdict: Accepted
import os
made = []
for path in '/etc/passwd', '/etc/shadow', '/usr/local/bin/runner', '/bin/su', '../runner.json', '../return.json':
    try:
        os.link(path, 'link')
        made.append(path)
    except OSError: pass
print(made if made else 7)
