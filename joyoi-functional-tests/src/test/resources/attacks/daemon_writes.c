// Tries: to write to the output after the end
// Verdict: Accepted or WrongAnswer
#include <stdio.h>
#include <unistd.h>
int main(void) {
  if (fork() == 0) {
    setsid();
    for (;;) { usleep(20000); if (write(1, "8\n", 2) < 0) _exit(1); }
  }
  puts("7");
}
