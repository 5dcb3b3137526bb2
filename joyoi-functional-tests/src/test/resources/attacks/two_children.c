// Tries: to divide 200 MB between two children
// Verdict: MemoryExceeded
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(void) {
  int ready[2];
  char byte;
  if (pipe(ready) != 0) return 1;
  for (int i = 0; i < 2; i++)
    if (fork() == 0) {
      volatile char *all = malloc(100 << 20);
      for (long at = 0; at < 100 << 20; at += 4096) all[at] = 1;
      if (write(ready[1], "x", 1) == 1) pause();
      _exit(0);
    }
  for (int i = 0; i < 2; i++)
    if (read(ready[0], &byte, 1) != 1) return 1;
  usleep(50000);
  puts("7");
}
