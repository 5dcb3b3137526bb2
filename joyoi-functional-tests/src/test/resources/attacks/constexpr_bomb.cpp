// Tries: to have the compiler compute a constant for ever
// Verdict: CompileError
constexpr unsigned long f(unsigned long n) { return n < 2 ? n : f(n - 1) + f(n - 2); }
static_assert(f(60) == 0, "");
int main() {}
