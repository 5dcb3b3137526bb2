#include <cstdio>
#include <cstring>

// A pointer that everybody may read keeps the compiler from removing the memory behind it.
char *volatile kept;

// Asks for 512 MB and writes to all of it: memory counts only once it has been touched.
int main() {
  const int megabyte = 1 << 20;
  for (int i = 0; i < 512; i++) {
    char *block = new char[megabyte];
    memset(block, 1, megabyte);
    kept = block;
  }
  printf("%d\n", kept[0]);
}
