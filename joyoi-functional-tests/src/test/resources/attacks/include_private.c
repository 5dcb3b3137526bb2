// Tries: to see a file that is not for it in an error
// Verdict: CompileError
#include "/etc/shadow"
int main(void) { return 0; }
