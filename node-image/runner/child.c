/*
 * Start and end of the untrusted program.
 *
 * Rights are dropped in the child between fork and exec, in the order that each step still has the right to do. The bounding set can be
 * emptied only with CAP_SETPCAP, which the container may lack; without it the set is of no use either, since no_new_privs keeps every
 * later exec from gaining anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner.h"

/* Longer commands than judges give are bash's. */
#define PLAIN_WORDS_MAX 32
#define PLAIN_COMMAND_MAX_BYTES 1024

/* What the child tells when it could not become the program; a plain struct through a pipe that exec closes. */
struct failure {
  char step[32];
  int error;
};

static void check(int failed, const char *step, int pipe_fd) {
  if (!failed) return;
  struct failure failure = {.error = errno};
  snprintf(failure.step, sizeof failure.step, "%s", step);
  ssize_t ignored = write(pipe_fd, &failure, sizeof failure);
  (void)ignored;
  _exit(127);
}

static int set_limit(int resource, rlim_t value) {
  const struct rlimit limit = {value, value};
  return setrlimit(resource, &limit);
}

static int close_all_above_two(void) {
  if (syscall(SYS_close_range, 3U, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */) == 0) return 0;
  long maximum = sysconf(_SC_OPEN_MAX);
  for (int fd = 3; fd < maximum; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0 && fcntl(fd, F_SETFD, flags | FD_CLOEXEC) != 0) return -1;
  }
  return 0;
}

/* Makes it the kernel's first choice when memory runs out, before the actor. */
static int volunteer_for_oom(void) {
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  int failed = write(fd, "1000", 4) != 4;
  close(fd);
  return failed;
}

static int empty_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  return (int)syscall(SYS_capset, &header, none);
}

static void reset_signals(void) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Not all that a shell takes literally, but nothing that it would not. */
static bool is_literal(const char *word) {
  static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,@%+=-";
  return word[strspn(word, characters)] == '\0';
}

/*
 * Splits a command that bash would only look up and execute: a program by its path, or by its name after "exec". Starting bash takes longer
 * than most programs' whole runs, and its own memory would be the least that a run can show. False when it takes a shell.
 */
static bool split_plain(char *command, char *words[PLAIN_WORDS_MAX + 1]) {
  size_t count = 0;
  bool exec = false;
  for (char *save, *word = strtok_r(command, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
    if (!is_literal(word) || count == PLAIN_WORDS_MAX) return false;
    if (count == 0 && !exec && strcmp(word, "exec") == 0) {
      exec = true;
      continue;
    }
    words[count++] = word;
  }
  words[count] = NULL;
  /* A builtin, an assignment and an option of exec are the shell's. */
  return count > 0 && (exec || strchr(words[0], '/') != NULL) && strchr(words[0], '=') == NULL && words[0][0] != '-';
}

/* Returns when it can't: bash knows best what to say, and with which exit code. */
static void execute_plain(const struct request *request, char *const environment[]) {
  static const char *const folders[] = {"/usr/local/bin/", "/usr/bin/", "/bin/"};
  char command[PLAIN_COMMAND_MAX_BYTES + 1], path[sizeof command + 32], *words[PLAIN_WORDS_MAX + 1];
  if (request->command_length > PLAIN_COMMAND_MAX_BYTES) return;
  memcpy(command, request->command, request->command_length + 1);
  if (!split_plain(command, words)) return;
  if (strchr(words[0], '/') != NULL) {
    execve(words[0], words, environment);
    return;
  }
  for (size_t index = 0; index < sizeof folders / sizeof folders[0]; index++) {
    snprintf(path, sizeof path, "%s%s", folders[index], words[0]);
    execve(path, words, environment);
  }
}

/* As "ulimit -s" does: for good; but never an error, since the container's own bound may be lower. */
static int limit_stack(rlim_t bytes) {
  struct rlimit held;
  if (getrlimit(RLIMIT_STACK, &held) != 0) return -1;
  return set_limit(RLIMIT_STACK, held.rlim_max < bytes ? held.rlim_max : bytes);
}

static _Noreturn void become_program(const struct request *request, const struct files *files, int rules, int pipe_fd) {
  static char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8", "USER=runner", NULL};
  char *const arguments[] = {"bash", "--noprofile", "--norc", "-c", request->command, NULL};
  reset_signals();
  check(setsid() < 0, "setsid", pipe_fd);
  umask(022);
  check(dup2(files->input, 0) < 0 || dup2(files->output, 1) < 0 || dup2(files->errors, 2) < 0, "dup2", pipe_fd);
  check(close_all_above_two(), "close_range", pipe_fd);
  check(volunteer_for_oom(), "oom_score_adj", pipe_fd);
  check(set_limit(RLIMIT_CORE, 0), "RLIMIT_CORE", pipe_fd);
  /* One byte more than is kept, so that a file that was cut differs from one that just fits. */
  check(set_limit(RLIMIT_FSIZE, ((rlim_t)request->output_mb << 20) + 1), "RLIMIT_FSIZE", pipe_fd);
  for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++) prctl(PR_CAPBSET_DROP, capability);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  check(setgroups(0, NULL), "setgroups", pipe_fd);
  check(setresgid(RUNNER_GID, RUNNER_GID, RUNNER_GID), "setresgid", pipe_fd);
  check(setresuid(RUNNER_UID, RUNNER_UID, RUNNER_UID), "setresuid", pipe_fd);
  check(empty_capabilities(), "capset", pipe_fd);
  check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs", pipe_fd);
  check(!confine(rules), "landlock", pipe_fd);
  /* Should the runner itself be killed, the program ends with it. A change of user resets this, so it comes late. */
  check(prctl(PR_SET_PDEATHSIG, SIGKILL), "pdeathsig", pipe_fd);
  if (request->virtual_mb > 0) check(set_limit(RLIMIT_AS, (rlim_t)request->virtual_mb << 20), "RLIMIT_AS", pipe_fd);
  if (request->stack_mb > 0) check(limit_stack((rlim_t)request->stack_mb << 20), "RLIMIT_STACK", pipe_fd);
  execute_plain(request, environment);
  execve("/bin/bash", arguments, environment);
  check(1, "exec /bin/bash", pipe_fd);
  abort();
}

pid_t start_child(const struct request *request, const struct files *files, int rules, char *error, size_t error_size) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    snprintf(error, error_size, "the program could not be started: pipe: %s", strerror(errno));
    return -1;
  }
  pid_t child = fork();
  if (child == 0) become_program(request, files, rules, ends[1]);
  int fork_error = errno;
  close(ends[1]);
  if (child < 0) {
    snprintf(error, error_size, "the program could not be started: fork: %s", strerror(fork_error));
    close(ends[0]);
    return -1;
  }
  struct failure failure;
  ssize_t count;
  do count = read(ends[0], &failure, sizeof failure);
  while (count < 0 && errno == EINTR);
  close(ends[0]);
  if (count == (ssize_t)sizeof failure) {
    snprintf(error, error_size, "the program could not be started: %s: %s", failure.step, strerror(failure.error));
    return -1;
  }
  return child;
}

void as_user(void (*action)(void)) {
  if (setresuid(KILLER_UID, RUNNER_UID, 0) != 0) return;
  action();
  /* Can't fail, the saved user being root; going on without rights would leave a wrong report, so it does not. */
  if (setresuid(0, 0, 0) != 0) abort();
}

static void kill_all(void) { kill(-1, SIGKILL); }

/*
 * kill(-1) reaches, in one pass under the kernel's task lock, everybody whom the caller may signal: as root that would be the actor too,
 * so it is called with the program's user as effective one. A helper process for it could neither be forked (a fork bomb holds all
 * pids) nor be safe from the program's own signals; the runner is, since its real and saved users are never the program's.
 */
void kill_user(void) { as_user(kill_all); }
