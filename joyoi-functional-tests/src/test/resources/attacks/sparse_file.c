// Tries: to make a file of a terabyte without writing it
// Verdict: Accepted
#define _FILE_OFFSET_BITS 64
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  signal(SIGXFSZ, SIG_IGN);
  int got = ftruncate(open("big", O_CREAT | O_WRONLY, 0600), 1L << 40) == 0;
  puts(got ? "8" : "7");
}
