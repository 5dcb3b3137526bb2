// Tries: to take 400 MB that can be shared
// Verdict: MemoryExceeded
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
  char *all = mmap(0, 400L << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  memset(all, 1, 400L << 20);
  puts("7");
}
