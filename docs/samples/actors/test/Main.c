#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  char word[16];
  long a, b;
  if (scanf("%15s", word) != 1) return 9;
  if (strcmp(word, "sum") == 0 && scanf("%ld %ld", &a, &b) == 2) printf("%ld\n", a + b);
  if (strcmp(word, "loop") == 0) for (volatile long i = 0;; i++) {}
  if (strcmp(word, "big") == 0) for (;;) memset(malloc(1 << 20), 1, 1 << 20);
  if (strcmp(word, "crash") == 0) return *(volatile int *)8;
}
