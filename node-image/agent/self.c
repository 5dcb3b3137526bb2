/*
 * What a root actor can change of process 1 itself, and what every later command would inherit: its nice value, scheduling and processors
 * (the kernel asks for the same user alone), and some files of /proc/1. Resource limits are out of its reach, because the groups of
 * process 1 are not all the same (main.c); they are compared all the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"

#define IOPRIO_WHO_PROCESS 1
#define FILES 3
/* The kernel takes a change of autogroup only every tenth of a second from anybody. */
#define ATTEMPTS 50
#define PAUSE_NS 10000000

/* Files that root may write to: their names, and what to write so that they say what they said: the prefix, and the text behind mark. */
struct file {
  const char *name;
  const char *prefix;
  const char *mark;
};
static const struct file files[FILES] = {{"oom_score_adj", "", ""}, {"coredump_filter", "0x", ""}, {"autogroup", "", "nice "}};

struct self {
  struct rlimit limits[RLIM_NLIMITS];
  cpu_set_t processors;
  int nice;
  int policy;
  int io_priority;
  char texts[FILES][64];
};

static struct self at_start;

static int open_file(const struct file *file, int flags) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/%s", file->name);
  return open(path, flags | O_CLOEXEC);
}

/* Empty when there is no such file: a kernel without it. */
static void read_file(const struct file *file, char *text, size_t size) {
  memset(text, 0, size);
  int fd = open_file(file, O_RDONLY);
  if (fd < 0) return;
  ssize_t length = read(fd, text, size - 1);
  close(fd);
  text[length > 0 ? (size_t)length : 0] = '\0';
  text[strcspn(text, "\n")] = '\0';
}

static void restore_file(const struct file *file, const char *text) {
  char now[64], value[80];
  const char *mark = strstr(text, file->mark);
  read_file(file, now, sizeof now);
  if (mark == NULL || strcmp(now, text) == 0) return;
  int length = snprintf(value, sizeof value, "%s%s", file->prefix, mark + strlen(file->mark));
  int fd = open_file(file, O_WRONLY);
  if (fd < 0) return;
  for (int attempt = 0; attempt < ATTEMPTS && write(fd, value, (size_t)length) < 0 && errno == EAGAIN; attempt++) {
    nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
  }
  close(fd);
}

static void look(struct self *self) {
  memset(self, 0, sizeof *self);
  for (int i = 0; i < RLIM_NLIMITS; i++) getrlimit((__rlimit_resource_t)i, &self->limits[i]);
  sched_getaffinity(0, sizeof self->processors, &self->processors);
  self->nice = getpriority(PRIO_PROCESS, 0);
  self->policy = sched_getscheduler(0);
  self->io_priority = (int)syscall(SYS_ioprio_get, IOPRIO_WHO_PROCESS, 0);
  for (int i = 0; i < FILES; i++) read_file(&files[i], self->texts[i], sizeof self->texts[i]);
}

void self_remember(void) { look(&at_start); }

bool self_restore(struct failure *failure) {
  struct self now;
  /* These can be put back without any right; the others are only compared. */
  sched_setaffinity(0, sizeof at_start.processors, &at_start.processors);
  for (int i = 0; i < FILES; i++) restore_file(&files[i], at_start.texts[i]);
  look(&now);
  if (memcmp(now.limits, at_start.limits, sizeof now.limits) != 0) return fail(failure, "io", "resource limits were changed");
  if (!CPU_EQUAL(&now.processors, &at_start.processors)) return fail(failure, "io", "the choice of processors was changed");
  if (now.nice != at_start.nice || now.policy != at_start.policy) return fail(failure, "io", "the scheduling was changed");
  if (now.io_priority != at_start.io_priority) return fail(failure, "io", "the priority of input and output was changed");
  for (int i = 0; i < FILES; i++) {
    if (strcmp(now.texts[i], at_start.texts[i]) != 0) return fail(failure, "io", "%s was changed", files[i].name);
  }
  return true;
}
