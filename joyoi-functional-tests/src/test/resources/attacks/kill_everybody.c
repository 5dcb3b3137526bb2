// Tries: to kill all that it may
// Verdict: Accepted
#include <signal.h>
#include <stdio.h>
int main(void) {
  kill(-1, SIGKILL);
  puts("7");
}
