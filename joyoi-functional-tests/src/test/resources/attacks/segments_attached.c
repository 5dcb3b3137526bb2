// Tries: to keep 400 MB in segments that it has
// Verdict: MemoryExceeded
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
int main(void) {
  for (int i = 0; i < 50; i++) {
    void *segment = shmat(shmget(IPC_PRIVATE, 8 << 20, 0600), 0, 0);
    if (segment == (void *)-1) break;
    memset(segment, 1, 8 << 20);
  }
  puts("7");
}
