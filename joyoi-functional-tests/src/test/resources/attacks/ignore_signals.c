// Tries: to go on for ever, whoever signals it
// Verdict: TimeExceeded
#include <signal.h>
int main(void) {
  for (int i = 1; i < 65; i++) signal(i, SIG_IGN);
  for (;;);
}
