#include <cstdio>
#include <cstring>

// Asks for 512 MB and writes to all of it: memory counts only once it has been touched.
int main() {
  const int megabyte = 1 << 20;
  unsigned long long sum = 0;
  for (int i = 0; i < 512; i++) {
    char *block = new char[megabyte];
    memset(block, i, megabyte);
    sum += block[i];
  }
  printf("%llu\n", sum);
}
