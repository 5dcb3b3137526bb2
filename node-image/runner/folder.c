/* The folder that a program gets, below the working directory that it may not write to. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner.h"

#define NAME_MAX_BYTES 255

static bool is_name(const char *text) {
  return *text != '\0' && strlen(text) <= NAME_MAX_BYTES && strchr(text, '/') == NULL && strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
}

/* Readable and executable for all, and nobody's to write but root's, whose it is. */
static bool move(int from, int to, const char *file, char *error, size_t error_size) {
  char name[NAME_MAX_BYTES + 1];
  const char *equals = strchr(file, '='), *target = equals == NULL ? file : equals + 1;
  snprintf(name, sizeof name, "%.*s", equals == NULL ? NAME_MAX_BYTES : (int)(equals - file), file);
  struct stat status;
  if (!is_name(name) || !is_name(target)) {
    snprintf(error, error_size, "'%.100s' is not FILE or FILE=NAME, each a name without a slash", file);
    return false;
  }
  if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
    snprintf(error, error_size, "%.100s is not a regular file", name);
    return false;
  }
  if (fchmodat(from, name, 0755, 0) == 0 && renameat(from, name, to, target) == 0) return true;
  snprintf(error, error_size, "%.100s can't be moved: %s", name, strerror(errno));
  return false;
}

int enter_folder(const char *folder, char *const *files, char *error, size_t error_size) {
  if (!is_name(folder)) {
    snprintf(error, error_size, "the folder '%.100s' must be a name without a slash", folder);
    return -1;
  }
  int outside = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), inside = -1;
  /* The folder's mode is set on its own, since the umask takes from that of mkdir. */
  if (outside < 0 || fchmod(outside, 0755) != 0 || mkdirat(outside, folder, 0700) != 0 || chdir(folder) != 0 || chmod(".", 01777) != 0 ||
      (inside = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
    snprintf(error, error_size, "the folder %.100s can't be made: %s", folder, strerror(errno));
    return -1;
  }
  for (; *files != NULL; files++) {
    if (!move(outside, inside, *files, error, error_size)) return -1;
  }
  close(inside);
  return outside;
}
