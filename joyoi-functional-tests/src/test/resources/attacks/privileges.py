# Tries: to find a privilege that it was left
# Verdict: Accepted
status = dict(line.split(':', 1) for line in open('/proc/self/status'))
held = {key: status[key].strip() for key in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb') if int(status[key], 16)}
held.pop('CapBnd', None)
wrong = held or status['NoNewPrivs'].strip() != '1' or status['Seccomp'].strip() != '2' or '0' in status['Uid'].split() + status['Gid'].split() + status['Groups'].split()
print(status if wrong else 7)
