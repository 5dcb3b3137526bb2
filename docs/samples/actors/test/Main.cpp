#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

int main() {
  std::string word;
  long a, b;
  std::cin >> word;
  if (word == "sum" && std::cin >> a >> b) std::cout << a + b << std::endl;
  if (word == "loop") for (volatile long i = 0;; i = i + 1) {}
  if (word == "big") for (std::vector<std::vector<char>> all;;) all.emplace_back(1 << 20, 'x');
  if (word == "crash") throw std::runtime_error("crash");
}
