#include <fstream>
#include <iostream>
#include <set>
#include <string>

inline std::multiset<std::string> read_words(const char *path) {
  std::ifstream in(path);
  std::multiset<std::string> words;
  for (std::string word; in >> word;) words.insert(word);
  return words;
}
