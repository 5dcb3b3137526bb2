// Tries: to take all room for signals that wait
// Verdict: Accepted
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, 0);
  for (int i = 0; i < 200000; i++) sigqueue(getpid(), SIGRTMIN, (union sigval){0});
  puts("7");
}
