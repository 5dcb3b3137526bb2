// Tries: to hold its place in a child that it waits for
// Verdict: TimeExceeded
// Limit: {"totalTimeMs": 1500}
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  if (vfork() == 0) { setsid(); execl("/bin/sleep", "sleep", "600", (char *)0); _exit(1); }
  wait(0);
}
