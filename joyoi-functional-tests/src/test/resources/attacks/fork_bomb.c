// Tries: to make processes without an end
// Verdict: TimeExceeded
#include <unistd.h>
int main(void) {
  for (;;) fork();
}
