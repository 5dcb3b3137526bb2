// Tries: to stop whoever waits for it
// Verdict: TimeExceeded
// Limit: {"totalTimeMs": 1500}
#include <signal.h>
#include <unistd.h>
int main(void) {
  for (;;) { kill(getppid(), SIGSTOP); kill(0, SIGSTOP); kill(-1, SIGSTOP); }
}
