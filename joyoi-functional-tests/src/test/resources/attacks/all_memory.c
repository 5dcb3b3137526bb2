// Tries: to have the kernel kill many processes, one by one, for want of memory
// Verdict: Accepted or WrongAnswer or RuntimeError or MemoryExceeded or TimeExceeded or OutputExceeded
#include <string.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  for (int i = 0; i < 30; i++) {
    if (fork() != 0) continue;
    for (;;) {
      void *page = shmat(shmget(IPC_PRIVATE, 4096, 0600), 0, 0);
      if (page == (void *)-1) _exit(1);
      memset(page, 1, 4096);
      shmdt(page);
    }
  }
  while (wait(0) > 0);
  return write(1, "7\n", 2) != 2;
}
