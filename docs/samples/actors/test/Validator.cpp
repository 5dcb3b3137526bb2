// Accepts any order of the expected words, as a task with several right answers would.
#include "words.h"

int main(int, char **argv) {
  if (read_words(argv[1]).empty()) return 3;
  if (read_words(argv[2]) == read_words(argv[3])) return 0;
  std::cerr << "not the same words" << std::endl;
  return 1;
}
