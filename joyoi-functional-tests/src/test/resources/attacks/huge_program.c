// Tries: to become a program of 4 GB
// Verdict: CompileError
char all[4L << 30] = {1};
int main(void) { return all[0]; }
