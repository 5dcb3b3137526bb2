// Tries: to write a file without an end
// Verdict: RuntimeError or OutputExceeded
#include <fcntl.h>
#include <unistd.h>
int main(void) {
  static char block[65536];
  int file = open("big", O_CREAT | O_WRONLY, 0600);
  while (write(file, block, sizeof block) > 0);
  return 1;
}
