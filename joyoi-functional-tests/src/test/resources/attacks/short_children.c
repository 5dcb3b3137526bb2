// Tries: to hide processor time in children that live for less than a look
// Verdict: TimeExceeded
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  for (;;) {
    if (fork() == 0) { while (clock() < CLOCKS_PER_SEC / 500); _exit(0); }
    wait(0);
  }
}
