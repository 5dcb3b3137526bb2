/* Counters of the container's own cgroup, version 1 or 2. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"

#define MOUNT "/sys/fs/cgroup"

/*
 * Where version 2 shows the container's own group: at the mount point, unless the container shares the host's namespace of groups. Empty where there is
 * no version 2.
 */
static const char *own_group(void) {
  static char path[4096];
  static bool is_known;
  char groups[2048];
  if (is_known) return path;
  is_known = true;
  if (access(MOUNT "/cgroup.controllers", F_OK) != 0) return path;
  snprintf(path, sizeof path, MOUNT);
  if (!read_text("/proc/self/cgroup", groups, sizeof groups) || strncmp(groups, "0::", 3) != 0) return path;
  snprintf(path, sizeof path, MOUNT "%.*s", (int)strcspn(groups + 3, "\n"), groups + 3);
  if (access(path, F_OK) != 0) snprintf(path, sizeof path, MOUNT);
  return path;
}

static int open_unified(const char *file) {
  char path[4352];
  if (*own_group() == '\0') return -1;
  snprintf(path, sizeof path, "%s/%s", own_group(), file);
  return open(path, O_RDONLY | O_CLOEXEC);
}

struct counter open_counter(const char *unified, struct keys unified_keys, const char *legacy, struct keys legacy_keys) {
  struct counter counter = {open_unified(unified), unified_keys, 2};
  if (counter.fd >= 0 || legacy == NULL) return counter;
  char path[256];
  snprintf(path, sizeof path, MOUNT "/%s", legacy);
  return (struct counter){open(path, O_RDONLY | O_CLOEXEC), legacy_keys, 1};
}

/* The number behind the key at the beginning of a line; with an empty key, the first number. */
static bool find_number(const char *text, const char *key, uint64_t *value) {
  for (const char *line = text; line != NULL && *line != '\0'; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
    if (strncmp(line, key, strlen(key)) != 0) continue;
    const char *number = line + strlen(key) + strspn(line + strlen(key), " \t");
    if (strspn(number, "0123456789") == 0) continue;
    *value = strtoull(number, NULL, 10);
    return true;
  }
  return false;
}

bool read_counter(const struct counter *counter, uint64_t *value) {
  /* The longest is version 1's memory.stat: 40 lines of at most 45 bytes, with its sums in the second half. */
  char text[4096];
  uint64_t second;
  /* From the file's beginning, however often it has been read. */
  ssize_t length = pread(counter->fd, text, sizeof text - 1, 0);
  if (length <= 0) return false;
  text[length] = '\0';
  if (!find_number(text, counter->keys.first, value)) return false;
  if (counter->keys.second != NULL && find_number(text, counter->keys.second, &second)) *value += second;
  return true;
}

bool read_counter_once(struct counter counter, uint64_t *value) {
  bool found = read_counter(&counter, value);
  if (counter.fd >= 0) close(counter.fd);
  return found;
}

uint64_t oom_kills(void) {
  const struct keys key = {"oom_kill ", NULL};
  uint64_t value;
  return read_counter_once(open_counter("memory.events", key, "memory/memory.oom_control", key), &value) ? value : 0;
}
