// Tries: nothing: it asks for a terabyte and uses none of it
// Verdict: Accepted
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void) {
  mmap(0, 1L << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  puts("7");
}
