# Tries: to write 10 MB of nothing behind the right answer
# Verdict: Accepted or PresentationError
print(7)
print(' ' * (10 << 20))
