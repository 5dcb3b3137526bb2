/* The three files that the runner writes, and the one that the command reads. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner.h"

int create_file(int folder, const char *name, mode_t mode, char *error, size_t error_size) {
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

bool open_files(int report_folder, struct files *files, char *error, size_t error_size) {
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

bool cut_file(int fd, off_t maximum, bool *truncated) {
  struct stat status;
  if (fstat(fd, &status) != 0) return false;
  if (status.st_size <= maximum) return true;
  *truncated = true;
  return ftruncate(fd, maximum) == 0;
}
