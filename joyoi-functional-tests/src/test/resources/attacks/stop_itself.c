// Tries: to stand still
// Verdict: TimeExceeded
// Limit: {"totalTimeMs": 1500}
#include <signal.h>
int main(void) { for (;;) raise(SIGSTOP); }
