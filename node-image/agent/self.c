/*
 * What a root actor can change of process 1 itself, and what every later command would inherit: its nice value, scheduling and processors
 * (the kernel asks for the same user alone), and the file oom_score_adj. Resource limits are out of its reach, because the groups of
 * process 1 are not all the same (main.c); they are compared all the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent.h"

#define IOPRIO_WHO_PROCESS 1

struct self {
  struct rlimit limits[RLIM_NLIMITS];
  cpu_set_t processors;
  int nice;
  int policy;
  int io_priority;
  char oom_score[16];
};

static struct self at_start;

static void read_oom_score(char *text, size_t size) {
  memset(text, 0, size);
  int fd = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ssize_t ignored = read(fd, text, size - 1);
  (void)ignored;
  close(fd);
}

static void look(struct self *self) {
  memset(self, 0, sizeof *self);
  for (int i = 0; i < RLIM_NLIMITS; i++) getrlimit((__rlimit_resource_t)i, &self->limits[i]);
  sched_getaffinity(0, sizeof self->processors, &self->processors);
  self->nice = getpriority(PRIO_PROCESS, 0);
  self->policy = sched_getscheduler(0);
  self->io_priority = (int)syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);
  read_oom_score(self->oom_score, sizeof self->oom_score);
}

void self_remember(void) { look(&at_start); }

bool self_restore(struct failure *failure) {
  struct self now;
  /* These can be put back without any right; the others are only compared. */
  sched_setaffinity(0, sizeof at_start.processors, &at_start.processors);
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd >= 0) {
    ssize_t ignored = write(fd, at_start.oom_score, strlen(at_start.oom_score));
    (void)ignored;
    close(fd);
  }
  look(&now);
  if (memcmp(now.limits, at_start.limits, sizeof now.limits) != 0) return fail(failure, "io", "resource limits were changed");
  if (!CPU_EQUAL(&now.processors, &at_start.processors)) return fail(failure, "io", "the choice of processors was changed");
  if (now.nice != at_start.nice || now.policy != at_start.policy) return fail(failure, "io", "the scheduling was changed");
  if (now.io_priority != at_start.io_priority) return fail(failure, "io", "the priority of input and output was changed");
  if (strcmp(now.oom_score, at_start.oom_score) != 0) return fail(failure, "io", "oom_score_adj was changed");
  return true;
}
