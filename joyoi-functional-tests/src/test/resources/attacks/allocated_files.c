// Tries: to take 2 GB in 128 files
// Verdict: Accepted or WrongAnswer or MemoryExceeded or RuntimeError
#include <fcntl.h>
#include <stdio.h>
int main(void) {
  char name[16];
  for (int i = 0; i < 128; i++) {
    sprintf(name, "f%d", i);
    if (posix_fallocate(open(name, O_CREAT | O_RDWR, 0600), 0, 16 << 20) != 0) break;
  }
  puts("7");
}
