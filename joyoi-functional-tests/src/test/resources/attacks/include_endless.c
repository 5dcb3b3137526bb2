// Tries: to have the compiler read without an end
// Verdict: CompileError
#include "/dev/zero"
int main(void) { return 0; }
