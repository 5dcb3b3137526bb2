// Tries: to hold 400 MB that can't be swapped
// Verdict: MemoryExceeded
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
  mlockall(MCL_CURRENT | MCL_FUTURE);
  char *all = mmap(0, 400L << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) {
    munlockall();
    all = mmap(0, 400L << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  memset(all, 1, 400L << 20);
  puts("7");
}
