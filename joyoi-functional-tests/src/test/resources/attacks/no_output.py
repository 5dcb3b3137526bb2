# Tries: to close its output
# Verdict: WrongAnswer
import os
os.close(1)
os._exit(0)
