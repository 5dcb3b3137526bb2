/* One command, run by bash in WorkDir, and the end of all that it started. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"

/* Of the container's own environment and the request's together. */
#define VARIABLES_MAX 512

extern char **environ;

static bool is_same_name(const char *a, const char *b) {
  size_t length = strcspn(a, "=");
  return strncmp(a, b, length) == 0 && b[length] == '=';
}

/* The container's variables, but for those that the request sets anew. */
static void merge(char **merged, char *const *own, size_t own_count) {
  size_t count = 0;
  for (char **entry = environ; *entry != NULL && count < VARIABLES_MAX; entry++) {
    bool is_set = false;
    for (size_t i = 0; i < own_count; i++) is_set = is_set || is_same_name(own[i], *entry);
    if (!is_set) merged[count++] = *entry;
  }
  for (size_t i = 0; i < own_count; i++) merged[count++] = own[i];
  merged[count] = NULL;
}

/* The kernel's choice before the agent when memory runs out; the runner's programs come first of all, with 1000. */
static void volunteer_for_oom(void) {
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  ssize_t ignored = write(fd, "500", 3);
  (void)ignored;
  close(fd);
}

static _Noreturn void become_command(char **variables, char *command, int error_pipe) {
  char *const arguments[] = {"bash", "-c", command, NULL};
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setsid();
  umask(022);
  volunteer_for_oom();
  syscall(SYS_close_range, 3U, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */);
  if (setresgid(0, 0, 0) == 0 && fchdir(workdir()) == 0) execvpe("bash", arguments, variables);
  int error = errno;
  ssize_t ignored = write(error_pipe, &error, sizeof error);
  (void)ignored;
  _exit(127);
}

/* -1 with a failure when bash could not be started. */
static pid_t start(char *const *own, size_t count, char *command, struct failure *failure) {
  static char *variables[VARIABLES_MAX + ENV_MAX_ENTRIES + 1];
  int ends[2], error = 0;
  merge(variables, own, count);
  if (pipe2(ends, O_CLOEXEC) != 0) {
    fail_errno(failure, "can't start", "bash");
    return -1;
  }
  pid_t pid = fork();
  if (pid == 0) become_command(variables, command, ends[1]);
  if (pid < 0) error = errno;
  close(ends[1]);
  ssize_t size;
  do size = pid < 0 ? 0 : read(ends[0], &error, sizeof error);
  while (size < 0 && errno == EINTR);
  close(ends[0]);
  if (error == 0) return pid;
  errno = error;
  fail_errno(failure, "can't start", "bash");
  return -1;
}

void run(uint64_t deadline_ms, char *const *environment, size_t count, char *command) {
  struct failure failure;
  const uint64_t kills = oom_kills(), start_us = now_us(), deadline_us = start_us + deadline_ms * 1000;
  int status = 0;
  pid_t pid = start(environment, count, command, &failure);
  if (pid < 0) {
    kill_all(now_us() + KILL_GRACE_US);
    reply_failure(&failure);
    return;
  }
  watch(pid);
  while (reap(), !has_ended(&status) && now_us() < deadline_us) {
    if (is_input_quiet()) {
      await_event(deadline_us);
      continue;
    }
    /* First of all: nobody need be there to take what is said. */
    kill_all(now_us() + KILL_GRACE_US);
    fatal("the input ended, or something came, while a command ran");
  }
  const uint64_t wall_us = now_us() - start_us;
  const bool in_time = has_ended(&status);
  const unsigned others = count_others(), survivors = kill_all(now_us() + KILL_GRACE_US);
  int exit_code = !has_ended(&status) ? 128 + SIGKILL : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  reply("ran exitCode=%d wallUs=%llu oomKills=%llu killed=%u survivors=%u end=%s", exit_code, (unsigned long long)wall_us,
        (unsigned long long)(oom_kills() - kills), others, survivors, in_time ? "exit" : "deadline");
}
