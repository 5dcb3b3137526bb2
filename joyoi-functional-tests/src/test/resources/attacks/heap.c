// Tries: to take 400 MB of memory
// Verdict: MemoryExceeded
#include <stdio.h>
#include <stdlib.h>
int main(void) {
  for (int i = 0; i < 400; i++) {
    volatile char *block = malloc(1 << 20);
    for (int at = 0; at < 1 << 20; at += 4096) block[at] = 1;
  }
  puts("7");
}
