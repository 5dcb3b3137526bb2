import sys

words = sys.stdin.read().split()
count = int(words[0])
print(sum(int(word) for word in words[1:count + 1]))
