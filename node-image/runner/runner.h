/* runner: runs one untrusted command under limits and reports on it. The contract stands in ../README.md. */
#ifndef RUNNER_H
#define RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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
  uint64_t total_us;
  uint64_t peak_bytes;
  int exit_code; /* -1: there was none */
  bool oom;
  bool truncated;
  const char *limit; /* NULL: none was exceeded */
  char error[512];   /* empty: none */
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

/* child.c: starts the command as the unprivileged user. Returns its pid, or -1 with a message in error. */
pid_t start_child(const struct request *request, const struct files *files, char *error, size_t error_size);
/* Kills every process of the unprivileged user that this process can see, forks caught half-way included. */
void kill_user(void);

/* usage.c: what the kernel counted. */
uint64_t now_us(void);
/* CPU time of all living processes of the unprivileged user, and of their children that were waited for. */
uint64_t living_cpu_us(void);
/* Whether a process of the unprivileged user lives. */
bool user_is_alive(void);
/* CPU time of the container, or 0 when it can't be read. */
uint64_t container_cpu_us(void);
/* CPU time of this process alone. */
uint64_t own_cpu_us(void);
/* The container's memory. The files stay open: a hundred looks a second would take three times as long if they opened them. */
struct memory_counters {
  int whole; /* -1: can't be read */
  int parts; /* -1: can't be read */
  const char *anon_key;
};
struct memory_counters open_memory_counters(void);
/* Everything that is charged to the container, files in memory and the page cache included. False when it can't be read. */
bool whole_memory_bytes(const struct memory_counters *counters, uint64_t *bytes);
/*
 * Anonymous memory: what processes have made for themselves, a page that several of them share counted once. Neither files nor memory that was made
 * to be shared. False when it can't be read.
 */
bool anon_memory_bytes(const struct memory_counters *counters, uint64_t *bytes);
/* How often the kernel killed in this container for want of memory; 0 when it can't be read. */
uint64_t oom_kills(void);

/*
 * report.c: runner.json. What it may take is reserved before the command starts, which may leave no room; false, with errno, when there is none
 * already, or when it could not be written.
 */
bool reserve_report(int fd, const struct request *request);
bool write_report(int fd, const struct request *request, const struct result *result);

#endif
