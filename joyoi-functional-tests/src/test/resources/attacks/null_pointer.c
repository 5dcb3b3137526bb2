// Tries: nothing; it dies
// Verdict: RuntimeError
int main(void) { return *(volatile int *)0; }
