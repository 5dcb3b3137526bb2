import sys

# Adds the first number too, which is only their count.
print(sum(int(word) for word in sys.stdin.read().split()))
