/*
 * Uses a known amount, for test.sh and accuracy.sh.
 *   known memory KIND MB PROCESSES    each process touches its share of MB and waits until all have theirs; KIND: heap, mmap, shared, sysv, shm
 *   known cpu WHO MS                  MS of CPU time; WHO: one, threads, children, unseen (by their parent), orphans (that outlive it)
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PARTS 4
#define HOLD_US 300000

static long part_ms;

static void *map(size_t bytes, int flags, int fd) { return mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0); }

static void *take(const char *kind, size_t bytes) {
  if (strcmp(kind, "heap") == 0) return malloc(bytes);
  if (strcmp(kind, "mmap") == 0) return map(bytes, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  if (strcmp(kind, "shared") == 0) return map(bytes, MAP_SHARED | MAP_ANONYMOUS, -1);
  if (strcmp(kind, "sysv") == 0) return shmat(shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600), NULL, 0);
  char name[64];
  snprintf(name, sizeof name, "/known-%d", (int)getpid());
  int fd = shm_open(name, O_CREAT | O_RDWR, 0600);
  return ftruncate(fd, (off_t)bytes) == 0 ? map(bytes, MAP_SHARED, fd) : MAP_FAILED;
}

static void touch(const char *kind, size_t bytes) {
  volatile char *memory = take(kind, bytes);
  if (memory == NULL || memory == MAP_FAILED) exit(1);
  for (size_t at = 0; at < bytes; at += 4096) memory[at] = 1;
}

static int use_memory(const char *kind, size_t bytes, int processes) {
  int ends[2], status, failed = 0;
  if (processes == 1) {
    touch(kind, bytes);
    return 0;
  }
  /* The last that has its share closes the pipe for all. */
  if (pipe(ends) != 0) return 1;
  for (int i = 0; i < processes; i++) {
    if (fork() != 0) continue;
    char byte;
    touch(kind, bytes / (size_t)processes);
    close(ends[1]);
    if (read(ends[0], &byte, 1) != 0) _exit(1);
    usleep(HOLD_US);
    _exit(0);
  }
  close(ends[1]);
  while (wait(&status) > 0) failed |= status;
  return failed != 0;
}

static void *spin(void *clock) {
  struct timespec now;
  do clock_gettime(*(clockid_t *)clock, &now);
  while (now.tv_sec * 1000 + now.tv_nsec / 1000000 < part_ms);
  return NULL;
}

static clockid_t of_process = CLOCK_PROCESS_CPUTIME_ID, of_thread = CLOCK_THREAD_CPUTIME_ID;

static int use_cpu(const char *who, long ms) {
  pthread_t threads[PARTS];
  int ends[2];
  char byte;
  part_ms = strcmp(who, "one") == 0 ? ms : ms / PARTS;
  if (strcmp(who, "unseen") == 0) signal(SIGCHLD, SIG_IGN);
  if (strcmp(who, "one") == 0) {
    spin(&of_process);
    return 0;
  }
  if (pipe(ends) != 0) return 1;
  for (int i = 0; i < PARTS; i++) {
    if (strcmp(who, "threads") == 0) {
      if (pthread_create(&threads[i], NULL, spin, &of_thread) != 0) return 1;
    } else if (fork() == 0) {
      if (strcmp(who, "orphans") == 0 && fork() != 0) _exit(0);
      spin(&of_process);
      _exit(0);
    }
  }
  close(ends[1]);
  for (int i = 0; i < PARTS && strcmp(who, "threads") == 0; i++) pthread_join(threads[i], NULL);
  while (strcmp(who, "threads") != 0 && (wait(NULL) > 0 || read(ends[0], &byte, 1) != 0)) {}
  return 0;
}

int main(int count, char **words) {
  if (count == 5) return use_memory(words[2], (size_t)atoi(words[3]) << 20, atoi(words[4]));
  return count == 4 ? use_cpu(words[2], atol(words[3])) : 2;
}
