// Tries: to write to its errors without an end
// Verdict: OutputExceeded
// Limit: {"outputMb": 1, "userTimeMs": 1000}
#include <unistd.h>
int main(void) {
  static char block[65536];
  for (;;) if (write(2, block, sizeof block) < 0) continue;
}
