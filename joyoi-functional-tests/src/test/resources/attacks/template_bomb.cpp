// Tries: to have the compiler compute without an end
// Verdict: CompileError
template <int N> struct T { using A = typename T<2 * N>::A; using B = typename T<2 * N + 1>::A; };
int main() { T<1>::A x; return x; }
