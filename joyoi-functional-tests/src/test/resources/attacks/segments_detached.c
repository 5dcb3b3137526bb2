// Tries: to keep memory in segments that no process has
// Verdict: MemoryExceeded or TimeExceeded
#include <stdio.h>
#include <string.h>
#include <sys/shm.h>
int main(void) {
  for (;;) {
    void *segment = shmat(shmget(IPC_PRIVATE, 8 << 20, 0600), 0, 0);
    if (segment == (void *)-1) break;
    memset(segment, 1, 8 << 20);
    shmdt(segment);
  }
  puts("7");
}
