/* runner: runs one untrusted command under limits and reports on it. The contract stands in ../README.md. */
#ifndef RUNNER_H
#define RUNNER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/* User and group of the untrusted program; install.sh makes them. */
#define RUNNER_UID 10001
#define RUNNER_GID 10001
/* Nobody's: the real user of the runner while it kills, see child.c. */
#define KILLER_UID 10002

/* Each of stdout.txt and stderr.txt, unless the request says otherwise. Both together fit into the 64 MB an actor may bring back. */
#define OUTPUT_DEFAULT_MB 16
/* The kernel's bound for one argument is 128 KiB, its final NUL included. */
#define COMMAND_MAX_BYTES (128 * 1024 - 1)

#define STDIN_FILE "stdin.txt"
#define STDOUT_FILE "stdout.txt"
#define STDERR_FILE "stderr.txt"
#define REPORT_FILE "runner.json"

struct request {
  long user_ms;
  long total_ms;
  long virtual_mb; /* 0: no limit */
  long memory_mb;  /* 0: no limit */
  long output_mb;
  long stack_mb;   /* 0: as it is */
  char *command;   /* NUL-terminated; never NULL, empty when unknown */
  size_t command_length;
};

struct result {
  uint64_t user_us;
  uint64_t system_us;
  bool cpu_is_hidden; /* some of it was only in the container's counter */
  uint64_t total_us;
  uint64_t peak_bytes;
  bool peak_is_of_one; /* of one process, not of all together */
  int exit_code;       /* -1: there was none */
  bool oom;
  bool oom_elsewhere; /* the want of memory was not this container's */
  bool truncated;
  const char *ended_for; /* the limit for which the runner ended the command; NULL: it did not */
  const char *limit;     /* NULL: none was exceeded */
  const char *evidence;  /* NULL: there is nothing to show */
  char evidence_text[192];
  char error[512]; /* empty: none */
};

struct files {
  int input;
  int output;
  int errors;
};

/* request.c: both lines of standard input. False with a message in error when they can't be obeyed. */
bool read_request(struct request *request, char *error, size_t error_size);

/*
 * folder.c: makes the folder that the program gets, moves the files there, each FILE or FILE=NAME, and makes it the working directory. Nobody
 * but root may write outside of it from then on. Returns a descriptor of the directory before, or -1 with a message in error.
 */
int enter_folder(const char *folder, char *const *files, char *error, size_t error_size);

/* files.c. Never follows a link, and never takes over a file that was there. A descriptor, or -1 with a message in error. */
int create_file(int folder, const char *name, mode_t mode, char *error, size_t error_size);
/* False with a message in error. */
bool open_files(int report_folder, struct files *files, char *error, size_t error_size);
/* Cuts a file that is longer. False, with errno, when it can't. */
bool cut_file(int fd, off_t maximum, bool *truncated);

/* confine.c: rules for confine, or -1 where the kernel has no such. */
int confine_prepare(void);
/* Makes them those of this process; with -1 does nothing. False, with errno, when it can't. */
bool confine(int rules);

/* child.c: starts the command as the unprivileged user. Returns its pid, or -1 with a message in error. */
pid_t start_child(const struct request *request, const struct files *files, int rules, char *error, size_t error_size);
/* Does it as the unprivileged user, who can't send a signal to this process meanwhile. */
void as_user(void (*action)(void));
/* Kills every process of the unprivileged user that this process can see, forks caught half-way included. */
void kill_user(void);

/* system.c */
uint64_t now_us(void);
/* The file's beginning as a string; false when it can't be read or is empty. */
bool read_text(const char *path, char *text, size_t size);

/* user.c: CPU time of all living processes of the unprivileged user, and of their children that were waited for. */
uint64_t living_cpu_us(void);
/* Whether a process of the unprivileged user lives. */
bool user_is_alive(void);

/* ipc.c: removes the unprivileged user's SysV and POSIX objects. None of its processes may be left. */
void remove_ipc(void);

/* cgroup.c: keys are what stands before a number, at the beginning of a line; an empty one means the first number. */
struct keys {
  const char *first;
  const char *second; /* added to the first where it is there; NULL: none */
};
/* The file stays open: a hundred looks a second would take three times as long if they opened it. */
struct counter {
  int fd; /* -1: can't be read */
  struct keys keys;
  int version; /* of the cgroup */
};
/* The unified file is one of the container's group; the legacy file a path below the mount point, NULL for none. */
struct counter open_counter(const char *unified, struct keys unified_keys, const char *legacy, struct keys legacy_keys);
/* False when it can't be read. */
bool read_counter(const struct counter *counter, uint64_t *value);
/* And closes it. */
bool read_counter_once(struct counter counter, uint64_t *value);
/* How often the kernel has killed in this container for want of memory; 0 where it does not say. */
uint64_t oom_kills(void);

/* cpu.c */
struct cpu {
  uint64_t user_us; /* of those that were waited for */
  uint64_t system_us;
  bool has_hidden; /* at the end: user_us includes time that only the container's counter showed */
  bool is_counted; /* the container's counter can be read */
  struct counter container;
  uint64_t container_start_us;
  uint64_t own_start_us;
};
struct cpu cpu_start(void);
/* What wait4 said of a process. */
void cpu_add(struct cpu *cpu, const struct rusage *usage);
/* What the command has surely used up to now. */
uint64_t cpu_used_us(const struct cpu *cpu);
/* When nothing of the command lives any more: adds what wait4 did not show. */
void cpu_end(struct cpu *cpu);

/* memory.c */
struct memory {
  struct counter whole; /* files in memory and the page cache included */
  struct counter parts; /* what processes have made for themselves, shared memory and files in memory; each page once */
  bool is_counted;
  uint64_t container_limit_bytes; /* 0: unknown */
  uint64_t start_bytes;
  uint64_t whole_bytes;    /* at the last look */
  uint64_t together_bytes; /* the highest seen of all processes together, above the start */
  uint64_t largest_bytes;  /* the largest resident set */
  uint64_t mapped_bytes;   /* the highest seen of files that the command itself had mapped */
  bool is_nearly_full;
  const struct files *files;
  bool files_in_memory;
  int child_status;
  uint64_t next_look_us;
};
struct memory memory_start(const struct files *files);
void memory_watch(struct memory *memory, pid_t child, uint64_t start_us);
/* When next_look_us has come. */
void memory_look(struct memory *memory, uint64_t now);
/* What wait4 said of a process. */
void memory_add(struct memory *memory, const struct rusage *usage);
uint64_t memory_peak_bytes(const struct memory *memory);
/* Whether that is one process's. */
bool memory_is_of_one(const struct memory *memory);

/* oom.c */
struct oom {
  uint64_t kills;
  bool has_own_events;
  uint64_t own_events;
};
struct oom oom_start(void);
/* Sets oom and oom_elsewhere. */
void oom_end(const struct oom *start, struct result *result);

/* judge.c: sets limit and evidence from all the rest. */
void judge(const struct request *request, struct result *result);

/* run.c: runs the command to its end; signals are blocked, SIGCHLD and those that stop the runner. */
void run_command(const struct request *request, const struct files *files, const sigset_t *signals, struct result *result);

/*
 * report.c: runner.json. What it may take is reserved before the command starts, which may leave no room; false, with errno, when there is none
 * already, or when it could not be written.
 */
bool reserve_report(int fd, const struct request *request);
bool write_report(int fd, const struct request *request, const struct result *result);

#endif
