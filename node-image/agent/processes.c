/* The other processes of the container: reaped always, and killed until none is left. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"

/* While a process does not die at once, it is asked again this often. */
#define KILL_AGAIN_MS 5

static int ends = -1, proc = -1;
static pid_t watched;
static bool watched_ended;
static int watched_status;

void processes_start(void) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  ends = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (ends < 0 || proc < 0) fatal("/proc or signals can't be watched: %s", strerror(errno));
}

void watch(pid_t pid) {
  watched = pid;
  watched_ended = false;
}

bool has_ended(int *status) {
  if (watched_ended) *status = watched_status;
  return watched_ended;
}

void reap(void) {
  struct signalfd_siginfo info;
  int status;
  while (read(ends, &info, sizeof info) > 0) continue;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid != watched) continue;
    watched_ended = true;
    watched_status = status;
    watched = 0;
  }
}

static int milliseconds_until(uint64_t deadline_us) {
  uint64_t now = now_us(), rest = deadline_us > now ? (deadline_us - now + 999) / 1000 : 0;
  return rest < 1000000 ? (int)rest : 1000000;
}

void await_event(uint64_t deadline_us) {
  struct pollfd pollers[] = {{.fd = wire_input(), .events = POLLIN | POLLRDHUP}, {.fd = ends, .events = POLLIN}};
  poll(pollers, 2, milliseconds_until(deadline_us));
}

unsigned count_others(void) {
  static char entries[4096] __attribute__((aligned(8)));
  unsigned count = 0;
  if (lseek(proc, 0, SEEK_SET) != 0) return 1;
  for (long size; (size = read_entries(proc, entries, sizeof entries)) != 0;) {
    /* What can't be read proves nothing. */
    if (size < 0) return count + 1;
    for (long at = 0; at < size;) {
      const struct entry *entry = (const struct entry *)(entries + at);
      at += entry->length;
      if (isdigit((unsigned char)entry->name[0]) && strcmp(entry->name, "1") != 0) count++;
    }
  }
  return count;
}

unsigned kill_all(uint64_t deadline_us) {
  for (;;) {
    /* One pass reaches all, forks caught half-way included; only who enters from outside needs another. */
    kill(-1, SIGKILL);
    reap();
    unsigned left = count_others();
    if (left == 0 || now_us() > deadline_us) return left;
    struct pollfd poller = {.fd = ends, .events = POLLIN};
    poll(&poller, 1, KILL_AGAIN_MS);
  }
}
