/*
 * Runs one untrusted command under limits: opens the files, starts the command, waits until it ends or a limit is reached, kills what is
 * left of it, and reports. Exit code 0: there is a report on the command, whatever it did; 1: our own failure; 2: a bad request.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

/* The shortest sleep: half a tick of the clock that /proc counts CPU time in, so looking more often would show nothing new. */
#define SHORTEST_SLEEP_US 5000
/* How long memory may be used without being seen: longer would miss short programs, shorter would take time from those that run. */
#define MEMORY_INTERVAL_US 10000
/* What the container's counter may be ahead of the sums of its processes without anybody having hidden CPU time from wait4. */
#define CPU_TOLERANCE_US 50000

/* What the actor may need to end after the command: files that the command left fill the container's memory as long as they are there. */
#define HELD_BYTES (512 << 10)

struct run {
  const struct request *request;
  struct result *result;
  pid_t child;
  bool child_ended;
  int stop_signal; /* 0: nobody asked the runner to stop */
  uint64_t start_us;
  uint64_t container_start_us;
  uint64_t own_start_us;
  struct memory_counters memory;
  bool anon_known;
  uint64_t start_anon_bytes;
};

/* Never follows a link, and never takes over a file that was there. */
static int create_file(int folder, const char *name, mode_t mode, char *error, size_t error_size) {
  if (unlinkat(folder, name, 0) != 0 && errno != ENOENT) {
    snprintf(error, error_size, "an old %s can't be removed: %s", name, strerror(errno));
    return -1;
  }
  int fd = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (fd < 0) snprintf(error, error_size, "%s can't be created: %s", name, strerror(errno));
  return fd;
}

/* The program may open its own output again, as /dev/stdout; only the folder's owner may remove it. */
static bool share(int fd, mode_t mode) { return fchown(fd, (uid_t)-1, RUNNER_GID) == 0 && fchmod(fd, mode) == 0; }

static int open_input(char *error, size_t error_size) {
  struct stat status;
  /* O_NONBLOCK, since a FIFO would stop us here. */
  int fd = open(STDIN_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    snprintf(error, error_size, STDIN_FILE " can't be opened: %s", errno == ELOOP ? "it is a symbolic link" : strerror(errno));
    return -1;
  }
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    snprintf(error, error_size, STDIN_FILE " is not a regular file");
    close(fd);
    return -1;
  }
  /* Many programs open /dev/stdin, which asks for the file's own permissions. On a read-only root it stays as it is. */
  if (!(status.st_mode & S_IROTH)) (void)share(fd, (status.st_mode & 07777) | S_IRGRP);
  fcntl(fd, F_SETFL, 0);
  return fd;
}

static bool open_files(int report_folder, struct files *files, char *error, size_t error_size) {
  struct stat folder;
  if (stat(".", &folder) != 0 || folder.st_uid != 0 || ((folder.st_mode & 022) && !(folder.st_mode & S_ISVTX))) {
    snprintf(error, error_size, "the working directory must belong to root, and be sticky where others may write (mode 1777 or 0755)");
    return false;
  }
  if ((files->input = open_input(error, error_size)) < 0) return false;
  if ((files->output = create_file(report_folder, STDOUT_FILE, 0600, error, error_size)) < 0) return false;
  if ((files->errors = create_file(report_folder, STDERR_FILE, 0600, error, error_size)) < 0) return false;
  if (!share(files->output, 0660) || !share(files->errors, 0660)) {
    snprintf(error, error_size, "the output files can't be given to the program: %s", strerror(errno));
    return false;
  }
  return true;
}

static uint64_t micros(struct timeval time) { return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec; }

/* Takes every child that has ended, adopted ones included. Returns false when no child is left at all. */
static bool reap(struct run *run) {
  struct rusage usage;
  int status;
  for (;;) {
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid < 0 && errno == EINTR) continue;
    if (pid <= 0) return pid == 0;
    run->result->user_us += micros(usage.ru_utime);
    run->result->system_us += micros(usage.ru_stime);
    uint64_t peak = (uint64_t)usage.ru_maxrss * 1024;
    if (peak > run->result->peak_bytes) run->result->peak_bytes = peak;
    if (pid != run->child) continue;
    run->child_ended = true;
    run->result->total_us = now_us() - run->start_us;
    run->result->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
}

/*
 * CPU time that neither wait4 nor /proc shows: that of children whose parent ignores SIGCHLD is lost with them. The container's counter
 * has it, so nothing else should be at work in the container meanwhile.
 */
static uint64_t hidden_cpu_us(const struct run *run, uint64_t seen_us) {
  uint64_t now = container_cpu_us();
  if (now == 0 || run->container_start_us == 0) return 0;
  uint64_t used = now - run->container_start_us, own = own_cpu_us() - run->own_start_us;
  return used > own + seen_us + CPU_TOLERANCE_US ? used - own - seen_us : 0;
}

static uint64_t cpu_us(const struct run *run) {
  uint64_t seen = run->result->user_us + run->result->system_us + living_cpu_us();
  return seen + hidden_cpu_us(run, seen);
}

static uint64_t core_count(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? (uint64_t)CPU_COUNT(&set) : (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
}

/*
 * wait4 knows each process's own peak, and their sum would count twice what a fork shares, so processes together are measured by the container's
 * counter. The container's whole memory is never less and quicker to read: where it leaves no room for a higher peak, there is none.
 */
static void look_at_memory(struct run *run) {
  const uint64_t known = run->start_anon_bytes + run->result->peak_bytes;
  uint64_t all, anon;
  if (!whole_memory_bytes(&run->memory, &all) || all <= known) return;
  if (anon_memory_bytes(&run->memory, &anon) && anon > known) run->result->peak_bytes = anon - run->start_anon_bytes;
}

/* Sleeps until a child ends, somebody stops us, or the time is up. */
static void sleep_until(struct run *run, const sigset_t *signals, uint64_t until_us) {
  uint64_t now = now_us(), rest = until_us > now ? until_us - now : 0;
  const struct timespec timeout = {(time_t)(rest / 1000000), (long)(rest % 1000000) * 1000};
  int number = sigtimedwait(signals, NULL, &timeout);
  if (number > 0 && number != SIGCHLD) run->stop_signal = number;
}

static uint64_t earliest(uint64_t one, uint64_t other) { return one < other ? one : other; }

/*
 * CPU time can't grow faster than the clock times the cores, so that bounds the next moment worth looking at. Processes that end
 * meanwhile are reaped without a look: they can only have used time that the bound allowed for.
 */
static void supervise(struct run *run, const sigset_t *signals) {
  const uint64_t deadline_us = run->start_us + (uint64_t)run->request->total_ms * 1000;
  const uint64_t allowed_us = (uint64_t)run->request->user_ms * 1000, cores = core_count();
  uint64_t look_us = run->start_us + allowed_us / cores;
  uint64_t memory_us = run->anon_known ? run->start_us + MEMORY_INTERVAL_US : UINT64_MAX;
  while (reap(run), !run->child_ended && run->stop_signal == 0) {
    uint64_t now = now_us();
    if (now >= memory_us) {
      look_at_memory(run);
      memory_us = now + MEMORY_INTERVAL_US;
    }
    if (now >= look_us) {
      uint64_t used = cpu_us(run);
      if (used >= allowed_us) {
        run->result->limit = "userTime";
        return;
      }
      uint64_t rest = (allowed_us - used) / cores;
      look_us = now + (rest > SHORTEST_SLEEP_US ? rest : SHORTEST_SLEEP_US);
    }
    if (now >= deadline_us) {
      run->result->limit = "totalTime";
      return;
    }
    sleep_until(run, signals, earliest(look_us, earliest(memory_us, deadline_us)));
  }
}

/* All descendants are ours to reap, since this process is their subreaper: when no child is left, none of them lives. */
static void end_all(struct run *run, const sigset_t *signals) {
  kill_user();
  while (reap(run)) {
    sleep_until(run, signals, now_us() + 100000);
    kill_user();
  }
  if (user_is_alive()) {
    snprintf(run->result->error, sizeof run->result->error, "a process of user runner that this runner did not start outlived its SIGKILL");
  }
}

static bool cut(int fd, off_t maximum, bool *truncated) {
  struct stat status;
  if (fstat(fd, &status) != 0) return false;
  if (status.st_size <= maximum) return true;
  *truncated = true;
  return ftruncate(fd, maximum) == 0;
}

/*
 * Which limit was exceeded first. Some programs (Java's are) go on after their output is full, until the runner ends them for the time
 * that they take.
 */
static const char *judge(const struct request *request, const struct result *result) {
  if (result->limit != NULL) return result->truncated ? "output" : result->limit;
  if (result->oom) return "memory";
  if (request->memory_mb > 0 && result->peak_bytes > (uint64_t)request->memory_mb << 20) return "memory";
  if (result->user_us + result->system_us > (uint64_t)request->user_ms * 1000) return "userTime";
  if (result->total_us > (uint64_t)request->total_ms * 1000) return "totalTime";
  return result->truncated ? "output" : NULL;
}

/* Not the child's, whose peak it would be. Without it the command runs all the same. */
static void *hold_memory(void) {
  void *held = mmap(NULL, HELD_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (held != MAP_FAILED) madvise(held, HELD_BYTES, MADV_DONTFORK);
  return held;
}

static void run_command(const struct request *request, const struct files *files, const sigset_t *signals, struct result *result) {
  struct run run = {
      .request = request,
      .result = result,
      .container_start_us = container_cpu_us(),
      .own_start_us = own_cpu_us(),
      .memory = open_memory_counters(),
  };
  const uint64_t kills = oom_kills();
  void *held = hold_memory();
  run.anon_known = anon_memory_bytes(&run.memory, &run.start_anon_bytes);
  /* Before the start: afterwards this process may have to wait for a processor while the command already runs. */
  run.start_us = now_us();
  run.child = start_child(request, files, result->error, sizeof result->error);
  if (run.child > 0) supervise(&run, signals);
  end_all(&run, signals);
  if (held != MAP_FAILED) munmap(held, HELD_BYTES);
  if (run.child <= 0) {
    result->exit_code = -1;
    return;
  }
  result->user_us += hidden_cpu_us(&run, result->user_us + result->system_us);
  result->oom = oom_kills() > kills;
  if (run.stop_signal != 0) snprintf(result->error, sizeof result->error, "the runner was stopped by signal %d", run.stop_signal);
  const off_t maximum = (off_t)request->output_mb << 20;
  if (!cut(files->output, maximum, &result->truncated) || !cut(files->errors, maximum, &result->truncated)) {
    snprintf(result->error, sizeof result->error, "the output can't be cut to its limit: %s", strerror(errno));
  }
  result->limit = judge(request, result);
}

int main(int argc, char **argv) {
  struct request request = {.command = ""};
  struct result result = {.exit_code = -1};
  struct files files;
  char error[512];
  sigset_t signals;
  if (argc == 2 || (argc > 2 && strcmp(argv[1], "--in") != 0)) {
    fputs("usage: runner [--in FOLDER [FILE[=NAME]]...] < REQUEST; two lines:\n"
          "userMs [totalMs [virtualMemoryMb [memoryMb [outputMb [stackMb]]]]], and the command line\n",
          stderr);
    return 2;
  }
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  /* A parent may have passed on SIGCHLD as ignored, and then there would be nothing to wait for. */
  signal(SIGCHLD, SIG_DFL);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);

  int report_folder = AT_FDCWD;
  if (argc > 2 && (report_folder = enter_folder(argv[2], argv + 3, error, sizeof error)) < 0) {
    fprintf(stderr, "runner: %s\n", error);
    return 2;
  }
  int code = 0;
  int report = create_file(report_folder, REPORT_FILE, 0644, error, sizeof error);
  if (report < 0) {
    fprintf(stderr, "runner: %s\n", error);
    return 1;
  }
  if (!read_request(&request, result.error, sizeof result.error)) {
    code = 2;
  } else if (!reserve_report(report, &request)) {
    snprintf(result.error, sizeof result.error, "there is no room for " REPORT_FILE ": %s", strerror(errno));
    code = 1;
  } else if (!open_files(report_folder, &files, result.error, sizeof result.error)) {
    code = 1;
  } else {
    run_command(&request, &files, &signals, &result);
    code = result.error[0] != '\0';
  }
  if (result.error[0] != '\0') fprintf(stderr, "runner: %s\n", result.error);
  if (!write_report(report, &request, &result)) {
    fprintf(stderr, "runner: " REPORT_FILE " can't be written: %s\n", strerror(errno));
    return 1;
  }
  return code;
}
