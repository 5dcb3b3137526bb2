/* The processes of the unprivileged user, as /proc shows them. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"

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
