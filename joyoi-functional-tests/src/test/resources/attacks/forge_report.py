# Tries: to write its own report
# Verdict: WrongAnswer
import os
report = '{"Command": "x", "UserTime": 1, "SystemTime": 0, "TotalTime": 1, "PeakMemory": 1, "ExitCode": 0, "IsTimeout": false, "IsOOM": false, "Limit": null, "Truncated": false, "Error": ""}'
for name in 'runner.json', '../runner.json', '/workdir/runner.json', '../stdout.txt', '/workdir/stdout.txt', '../return.json':
    for flags in os.O_WRONLY | os.O_CREAT | os.O_TRUNC, os.O_WRONLY:
        try: os.write(os.open(name, flags, 0o666), (report if name.endswith('json') else '7\n').encode())
        except OSError: pass
print(8)
