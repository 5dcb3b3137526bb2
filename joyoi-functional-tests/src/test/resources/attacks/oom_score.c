// Tries: to be the last to be killed for want of memory
// Verdict: MemoryExceeded
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void) {
  const char *scores[] = {"-1000", "-999", "-1", "0"};
  for (int i = 0; i < 4; i++) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY);
    if (write(file, scores[i], strlen(scores[i])) < 0) close(file);
  }
  for (;;) {
    char *block = malloc(1 << 20);
    if (block != NULL) memset(block, 1, 1 << 20);
  }
}
