// Never ends. The variable is volatile because a compiler may remove a loop without effect.
int main() {
  volatile unsigned long long count = 0;
  while (true) {
    count = count + 1;
  }
}
