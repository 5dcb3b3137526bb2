/*
 * Process 1 of a sandbox. Usage: agent WORKDIR, as the container's first process; the protocol is on standard input and output.
 *
 * It is undumpable, so that an actor that is root can neither read nor write its memory, nor open its descriptors, and as process 1 of its
 * namespace no signal from inside reaches it. When it ends, the kernel ends everything else in the container.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "agent.h"

#define WORKDIR_MODE 01777
/* Nobody's. The kernel lets a process change another's limits when one user and one group are all of the other's: here none is. */
#define OWN_GID 10003
/* Something may be left on a disk. */
#define EXIT_LEFT 3

static bool leave(struct failure *failure) {
  kill_all(now_us() + KILL_GRACE_US);
  return empty_disk(failure);
}

void end_all(int exit_code) {
  struct failure failure;
  leave(&failure);
  _exit(exit_code);
}

void end_on_request(void) {
  struct failure failure;
  bool done = leave(&failure);
  if (done) {
    reply("ended");
  } else {
    reply("left %s", failure.text);
  }
  _exit(done ? 0 : EXIT_LEFT);
}

/* The protocol's descriptors leave 0, 1 and 2 to children, which get nothing there. */
static bool take_descriptors(void) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  int in = fcntl(0, F_DUPFD_CLOEXEC, 10), out = fcntl(1, F_DUPFD_CLOEXEC, 10);
  if (null < 0 || in < 0 || out < 0) return false;
  wire_open(in, out);
  bool done = dup2(null, 0) == 0 && dup2(null, 1) == 1 && dup2(null, 2) == 2;
  if (null > 2) close(null);
  return done;
}

static int open_workdir(const char *path) {
  char part[PATH_MAX_BYTES + 1];
  if (path[0] != '/' || strlen(path) > PATH_MAX_BYTES) fatal("WorkDir '%.100s' must be an absolute path", path);
  for (const char *slash = path; (slash = strchr(slash + 1, '/')) != NULL;) {
    snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
    mkdir(part, 0755);
  }
  mkdir(path, 0755);
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || fchown(fd, 0, 0) != 0 || fchmod(fd, WORKDIR_MODE) != 0) fatal("WorkDir '%.100s' can't be used: %s", path, strerror(errno));
  return fd;
}

int main(int argc, char **argv) {
  sigset_t all;
  /* kill(-1) of any other process of root would end the whole machine. */
  if (argc != 2 || getpid() != 1) {
    fputs("usage: joyoi-agent WORKDIR, as the first process of a container\n", stderr);
    return 2;
  }
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || !take_descriptors()) return 1;
  processes_start();
  if (setresgid(0, 0, OWN_GID) != 0) fatal("the capability SETGID is missing: %s", strerror(errno));
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  umask(0);
  workdir_use(open_workdir(argv[1]));
  reset_remember();
  /* Allowed up to RLIMIT_MEMLOCK; without it the kernel may only be slower. */
  (void)mlockall(MCL_CURRENT);
  reply("joyoi-sandbox %d %d agent cache reset end", VERSION_LOWEST, VERSION_HIGHEST);
  for (;;) obey();
}
