// Tries: to have the kernel write its memory, or start a program, at its death
// Verdict: RuntimeError
#include <stdlib.h>
#include <sys/resource.h>
int main(void) {
  struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &all);
  abort();
}
