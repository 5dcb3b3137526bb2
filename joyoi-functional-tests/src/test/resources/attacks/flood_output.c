// Tries: to write without an end
// Verdict: OutputExceeded
// Limit: {"outputMb": 1}
#include <stdio.h>
int main(void) { for (;;) puts("7777777777777777777777777777777777777777777777777777777777777777"); }
