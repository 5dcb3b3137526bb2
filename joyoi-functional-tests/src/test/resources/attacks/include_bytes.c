// Tries: to have the assembler read without an end
// Verdict: CompileError
__asm__(".incbin \"/dev/zero\"");
int main(void) { return 0; }
