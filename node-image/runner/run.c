/* One run of the command: starts it, waits until it ends or a limit is reached, and kills what is left of it. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

/* The shortest sleep before CPU time is looked at again, as long as any. */
#define SHORTEST_SLEEP_US 1000

/* What the actor may need to end after the command: files that the command left fill the container's memory as long as they are there. */
#define HELD_BYTES (512 << 10)

struct run {
  const struct request *request;
  struct result *result;
  pid_t child;
  bool child_ended;
  int stop_signal; /* 0: nobody asked the runner to stop */
  uint64_t start_us;
  struct cpu cpu;
  struct memory memory;
};

/* Takes every child that has ended, adopted ones included. Returns false when no child is left at all. */
static bool reap(struct run *run) {
  struct rusage usage;
  int status;
  for (;;) {
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid < 0 && errno == EINTR) continue;
    if (pid <= 0) return pid == 0;
    cpu_add(&run->cpu, &usage);
    memory_add(&run->memory, &usage);
    if (pid != run->child) continue;
    run->child_ended = true;
    run->result->total_us = now_us() - run->start_us;
    run->result->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
}

static uint64_t core_count(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? (uint64_t)CPU_COUNT(&set) : (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
}

/* Sleeps until a child ends, somebody stops us, or the time is up. */
static void sleep_until(struct run *run, const sigset_t *signals, uint64_t until_us) {
  uint64_t now = now_us(), rest = until_us > now ? until_us - now : 0;
  const struct timespec timeout = {(time_t)(rest / 1000000), (long)(rest % 1000000) * 1000};
  int number = sigtimedwait(signals, NULL, &timeout);
  if (number > 0 && number != SIGCHLD) run->stop_signal = number;
}

static uint64_t earliest(uint64_t one, uint64_t other) { return one < other ? one : other; }

/* Its verdict is certain, and it may soon make the kernel kill. Otherwise it may go on, so that its author learns what it takes. */
static bool is_a_danger(const struct run *run) {
  const uint64_t allowed_bytes = (uint64_t)run->request->memory_mb << 20;
  return allowed_bytes > 0 && run->memory.is_nearly_full && run->memory.together_bytes > allowed_bytes;
}

/*
 * CPU time can't grow faster than the clock times the cores, so that bounds the next moment worth looking at. Processes that end
 * meanwhile are reaped without a look: they can only have used time that the bound allowed for.
 */
static void supervise(struct run *run, const sigset_t *signals) {
  const uint64_t deadline_us = run->start_us + (uint64_t)run->request->total_ms * 1000;
  const uint64_t allowed_us = (uint64_t)run->request->user_ms * 1000, cores = core_count();
  uint64_t look_us = run->start_us + allowed_us / cores;
  memory_watch(&run->memory, run->child, run->start_us);
  while (reap(run), !run->child_ended && run->stop_signal == 0) {
    uint64_t now = now_us();
    memory_look(&run->memory, now);
    if (is_a_danger(run)) {
      run->result->ended_for = "memory";
      return;
    }
    if (now >= look_us) {
      uint64_t used = cpu_used_us(&run->cpu);
      if (used >= allowed_us) {
        run->result->ended_for = "userTime";
        return;
      }
      uint64_t rest = (allowed_us - used) / cores;
      look_us = now + (rest > SHORTEST_SLEEP_US ? rest : SHORTEST_SLEEP_US);
    }
    if (now >= deadline_us) {
      run->result->ended_for = "totalTime";
      return;
    }
    sleep_until(run, signals, earliest(look_us, earliest(run->memory.next_look_us, deadline_us)));
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
    return;
  }
  remove_ipc();
}

/* Not the child's, whose peak it would be. Without it the command runs all the same. */
static void *hold_memory(void) {
  void *held = mmap(NULL, HELD_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (held != MAP_FAILED) madvise(held, HELD_BYTES, MADV_DONTFORK);
  return held;
}

static void take_measures(struct run *run) {
  struct result *result = run->result;
  cpu_end(&run->cpu);
  result->user_us = run->cpu.user_us;
  result->system_us = run->cpu.system_us;
  result->cpu_is_hidden = run->cpu.has_hidden;
  result->peak_bytes = memory_peak_bytes(&run->memory);
  result->peak_is_of_one = memory_is_of_one(&run->memory);
}

void run_command(const struct request *request, const struct files *files, const sigset_t *signals, struct result *result) {
  struct run run = {.request = request, .result = result};
  const struct oom oom = oom_start();
  const int rules = confine_prepare();
  void *held = hold_memory();
  run.memory = memory_start(files);
  run.cpu = cpu_start();
  /* Before the start: afterwards this process may have to wait for a processor while the command already runs. */
  run.start_us = now_us();
  run.child = start_child(request, files, rules, result->error, sizeof result->error);
  if (run.child > 0) supervise(&run, signals);
  end_all(&run, signals);
  if (held != MAP_FAILED) munmap(held, HELD_BYTES);
  if (run.child <= 0) {
    result->exit_code = -1;
    return;
  }
  take_measures(&run);
  oom_end(&oom, result);
  if (run.stop_signal != 0) snprintf(result->error, sizeof result->error, "the runner was stopped by signal %d", run.stop_signal);
  const off_t maximum = (off_t)request->output_mb << 20;
  if (!cut_file(files->output, maximum, &result->truncated) || !cut_file(files->errors, maximum, &result->truncated)) {
    snprintf(result->error, sizeof result->error, "the output can't be cut to its limit: %s", strerror(errno));
  }
  judge(request, result);
  if (result->oom_elsewhere && result->limit == NULL) {
    snprintf(result->error, sizeof result->error, "the kernel killed in this container for want of memory that others used");
  }
}
