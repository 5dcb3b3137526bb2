// Tries: to have the compiler explain without an end
// Verdict: CompileError
template <class T, int N> struct L { using type = typename L<L<T, N>, N - 1>::type; };
template <class T> struct L<T, 0> { using type = typename T::none; };
L<int, 300>::type a, b, c, d;
int main() { return a + b + c + d; }
