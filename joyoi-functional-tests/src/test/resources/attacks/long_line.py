# Tries: to write one word of 10 MB
# Verdict: WrongAnswer
print('7' * (10 << 20))
