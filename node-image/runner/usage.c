/* Time and memory as the kernel counts them: /proc, and the container's cgroup, version 1 or 2. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

uint64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* The file's beginning as a string; false when it can't be read or is empty. */
static bool read_text(const char *path, char *text, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t length = read(fd, text, size - 1);
  close(fd);
  if (length <= 0) return false;
  text[length] = '\0';
  return true;
}

/* By the status file, not by the owner of the folder: a process that is not dumpable shows root there. */
static bool belongs_to_user(const char *pid, bool *zombie) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%.20s/status", pid);
  if (!read_text(path, text, sizeof text)) return false;
  const char *uid = strstr(text, "\nUid:"), *state = strstr(text, "\nState:\t");
  *zombie = state != NULL && state[8] == 'Z';
  return uid != NULL && strtoul(uid + 5, NULL, 10) == RUNNER_UID;
}

/* User, system, and both of the children that were waited for: fields 14 to 17, counted from behind the name, which may hold anything. */
static uint64_t process_cpu_us(const char *pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
  if (!read_text(path, text, sizeof text)) return 0;
  const char *field = strrchr(text, ')');
  uint64_t ticks[4];
  if (field == NULL) return 0;
  const char *format = ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64;
  if (sscanf(field, format, &ticks[0], &ticks[1], &ticks[2], &ticks[3]) != 4) return 0;
  return (ticks[0] + ticks[1] + ticks[2] + ticks[3]) * 1000000 / (uint64_t)sysconf(_SC_CLK_TCK);
}

/* Adds up the CPU time of the user's processes, or, without a sum, stops at the first that is not a zombie. */
static bool look_at_user(uint64_t *sum) {
  DIR *folder = opendir("/proc");
  if (folder == NULL) return false;
  bool alive = false, zombie;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (!isdigit((unsigned char)entry->d_name[0]) || !belongs_to_user(entry->d_name, &zombie)) continue;
    if (sum != NULL) *sum += process_cpu_us(entry->d_name);
    alive = alive || !zombie;
    if (alive && sum == NULL) break;
  }
  closedir(folder);
  return alive;
}

uint64_t living_cpu_us(void) {
  uint64_t sum = 0;
  look_at_user(&sum);
  return sum;
}

bool user_is_alive(void) { return look_at_user(NULL); }

uint64_t own_cpu_us(void) {
  struct rusage own;
  getrusage(RUSAGE_SELF, &own);
  return (uint64_t)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) * 1000000 + (uint64_t)(own.ru_utime.tv_usec + own.ru_stime.tv_usec);
}

/* The number behind the key at the beginning of a line; without a key, the first number. */
static bool find_number(const char *text, const char *key, uint64_t *value) {
  for (const char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
    if (strncmp(line, key, strlen(key)) == 0) {
      *value = strtoull(line + strlen(key), NULL, 10);
      return true;
    }
  }
  return false;
}

/* From the file's beginning, however often it has been read; false when it is not open. */
static bool read_number(int fd, const char *key, uint64_t *value) {
  /* The longest is version 1's memory.stat: 40 lines of at most 45 bytes, with its sums in the second half. */
  char text[4096];
  ssize_t length = pread(fd, text, sizeof text - 1, 0);
  if (length <= 0) return false;
  text[length] = '\0';
  return find_number(text, key, value);
}

static int open_counter(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }

static bool read_and_close(int fd, const char *key, uint64_t *value) {
  bool found = read_number(fd, key, value);
  if (fd >= 0) close(fd);
  return found;
}

static bool read_counter(const char *path, const char *key, uint64_t *value) { return read_and_close(open_counter(path), key, value); }

/* Version 2 shows the container's own group at the mount point, unless the container shares the host's namespace of groups. */
static int open_unified(const char *file) {
  char groups[2048], path[4096];
  if (read_text("/proc/self/cgroup", groups, sizeof groups) && strncmp(groups, "0::", 3) == 0) {
    snprintf(path, sizeof path, "/sys/fs/cgroup%.*s/%s", (int)strcspn(groups + 3, "\n"), groups + 3, file);
    int fd = open_counter(path);
    if (fd >= 0) return fd;
  }
  snprintf(path, sizeof path, "/sys/fs/cgroup/%s", file);
  return open_counter(path);
}

static bool read_unified(const char *file, const char *key, uint64_t *value) { return read_and_close(open_unified(file), key, value); }

uint64_t container_cpu_us(void) {
  uint64_t value;
  if (read_unified("cpu.stat", "usage_usec ", &value)) return value;
  if (read_counter("/sys/fs/cgroup/cpuacct/cpuacct.usage", "", &value)) return value / 1000;
  if (read_counter("/sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", "", &value)) return value / 1000;
  return 0;
}

struct memory_counters open_memory_counters(void) {
  struct memory_counters counters = {open_unified("memory.current"), open_unified("memory.stat"), "anon "};
  if (counters.parts >= 0) return counters;
  counters.whole = open_counter("/sys/fs/cgroup/memory/memory.usage_in_bytes");
  counters.parts = open_counter("/sys/fs/cgroup/memory/memory.stat");
  counters.anon_key = "total_rss ";
  return counters;
}

bool whole_memory_bytes(const struct memory_counters *counters, uint64_t *bytes) { return read_number(counters->whole, "", bytes); }

bool anon_memory_bytes(const struct memory_counters *counters, uint64_t *bytes) {
  return read_number(counters->parts, counters->anon_key, bytes);
}

uint64_t oom_kills(void) {
  uint64_t value;
  if (read_unified("memory.events", "oom_kill ", &value)) return value;
  if (read_counter("/sys/fs/cgroup/memory/memory.oom_control", "oom_kill ", &value)) return value;
  return 0;
}
