# Tries: to hold its place without using the processor
# Verdict: TimeExceeded
# Limit: {"totalTimeMs": 1500}
import time
time.sleep(600)
