// Tries: to keep 400 MB in a file that has no name
// Verdict: MemoryExceeded or OutputExceeded or RuntimeError
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  static char block[1 << 20];
  int file = memfd_create("x", 0);
  for (int i = 0; i < 400; i++)
    if (write(file, block, sizeof block) < 0) return 1;
  puts("7");
}
