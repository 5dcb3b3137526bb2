// Tries: to leave a process of a session of its own that uses the processor
// Verdict: Accepted
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  if (fork() == 0) {
    setsid();
    for (int i = 1; i < 32; i++) signal(i, SIG_IGN);
    if (fork() == 0) for (;;);
    _exit(0);
  }
  puts("7");
}
