// Tries: to hide processor time in children that nobody waits for
// Verdict: TimeExceeded
// Limit: {"userTimeMs": 1000, "totalTimeMs": 60000}
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  int ends[2];
  char byte;
  if (pipe(ends) != 0) return 1;
  signal(SIGCHLD, SIG_IGN);
  for (int i = 0; i < 40; i++)
    if (fork() == 0) { while (clock() < CLOCKS_PER_SEC / 10); _exit(0); }
  close(ends[1]);
  while (read(ends[0], &byte, 1) > 0);
  puts("7");
}
