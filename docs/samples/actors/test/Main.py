word, *rest = input().split()
if word == "sum":
    print(sum(map(int, rest)))
elif word == "loop":
    while True:
        pass
elif word == "big":
    blocks = []
    while True:
        blocks.append(bytearray(1 << 20))
else:
    raise ValueError("crash")
