// Tries: nothing: one after the other has 60 MB
// Verdict: Accepted
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 8; i++) {
    if (fork() == 0) {
      volatile char *all = malloc(60 << 20);
      for (long at = 0; at < 60 << 20; at += 4096) all[at] = 1;
      _exit(0);
    }
    wait(0);
  }
  puts("7");
}
