// Tries: nothing: one after the other has 60 MB
// Verdict: Accepted
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 8; i++) {
    if (fork() == 0) { memset(malloc(60 << 20), 1, 60 << 20); _exit(0); }
    wait(0);
  }
  puts("7");
}
