// Tries: to leave 50 KB of the memory to whoever goes on after it
// Verdict: Accepted or WrongAnswer or RuntimeError or MemoryExceeded or TimeExceeded or OutputExceeded
// Cases: 8
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static const char *const files[][2] = {
  {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
  {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"}};
static long number(const char *name) {
  char text[32] = "";
  int file = open(name, O_RDONLY);
  if (read(file, text, sizeof text - 1) <= 0) return 0;
  close(file);
  return atol(text);
}
static long left(void) {
  int version = number(files[0][1]) > 0 ? 0 : 1;
  return number(files[version][0]) - number(files[version][1]);
}
int main(void) {
  static char block[1 << 18], name[64];
  for (int i = 0; i < 60; i++) {
    sprintf(name, "%s/%d", i % 2 ? "/tmp" : "/var/tmp", i);
    int file = open(name, O_CREAT | O_WRONLY, 0600);
    for (long size = 0, patience = 20; size < 15 << 20 && patience > 0;) {
      long rest = left(), bytes = rest > 2 << 20 ? sizeof block : rest > 50000 ? 4096 : 0;
      if (bytes == 0) patience--;
      if (write(file, block, bytes) != bytes) break;
      size += bytes;
    }
    close(file);
  }
  return write(2, "said\n", 5) != 5 || write(1, "7\n", 2) != 2;
}
