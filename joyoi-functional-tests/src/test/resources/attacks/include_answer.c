// Tries: to have the expected output in its program
// Verdict: CompileError
__asm__(".incbin \"/workdir/output_1.txt\"");
int main(void) { return 0; }
