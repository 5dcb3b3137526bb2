# Asks for 512 MB and writes to all of it: memory counts only once it has been touched.
blocks = [bytearray(b"x") * (1 << 20) for _ in range(512)]
print(len(blocks))
