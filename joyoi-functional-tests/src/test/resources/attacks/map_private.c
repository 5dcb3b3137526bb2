// Tries: to take 400 MB, and to end at once
// Verdict: MemoryExceeded
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
  char *all = mmap(0, 400L << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(all, 1, 400L << 20);
  puts("7");
}
