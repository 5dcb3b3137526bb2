// Tries: to have the compiler read the same file again and again
// Verdict: CompileError
#include __FILE__
#include __FILE__
int main(void) { return 0; }
