/* Names below WorkDir, walked one component at a time from an open folder: what an actor puts in the way is seen, and never followed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

static int root = -1;

void workdir_use(int fd) { root = fd; }

int workdir(void) { return root; }

bool is_good_path(const char *path) {
  if (strlen(path) > PATH_MAX_BYTES) return false;
  for (const char *part = path;; part++) {
    size_t length = strcspn(part, "/");
    if (length == 0 || length > NAME_MAX_BYTES) return false;
    if (strncmp(part, ".", length) == 0 || (length == 2 && strncmp(part, "..", 2) == 0)) return false;
    part += length;
    if (*part == '\0') return true;
  }
}

const char *kind_name(enum kind kind) {
  static const char *const names[] = {"none", "file", "folder", "link", "socket", "other"};
  return names[kind];
}

enum kind kind_at(int folder, const char *name, struct stat *status) {
  if (fstatat(folder, name, status, AT_SYMLINK_NOFOLLOW) != 0) return KIND_NONE;
  if (S_ISREG(status->st_mode)) return KIND_FILE;
  if (S_ISDIR(status->st_mode)) return KIND_FOLDER;
  if (S_ISLNK(status->st_mode)) return KIND_LINK;
  return S_ISSOCK(status->st_mode) ? KIND_SOCKET : KIND_OTHER;
}

int open_parent(const char *path, const char **leaf, enum kind *kind, size_t *length) {
  char name[NAME_MAX_BYTES + 1];
  int folder = fcntl(root, F_DUPFD_CLOEXEC, 3);
  const char *part = path;
  for (const char *slash; folder >= 0 && (slash = strchr(part, '/')) != NULL; part = slash + 1) {
    struct stat status;
    memcpy(name, part, (size_t)(slash - part));
    name[slash - part] = '\0';
    *length = (size_t)(slash - path);
    *kind = kind_at(folder, name, &status);
    /* Looked at first only to say what it is: the open itself takes nothing but a folder. */
    int next = *kind == KIND_FOLDER ? openat(folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    close(folder);
    folder = next;
  }
  if (folder >= 0) *leaf = part;
  return folder;
}

static int open_parent_for(const char *path, const char **leaf, struct failure *failure) {
  enum kind kind = KIND_NONE;
  size_t length = 0;
  if (!is_good_path(path)) {
    fail(failure, "invalid", "the name '%.150s' is not a plain relative path", path);
    return -1;
  }
  int folder = open_parent(path, leaf, &kind, &length);
  if (folder < 0) fail(failure, "invalid", "'%.*s' is not a folder that '%.100s' could be put in", (int)length, path, path);
  return folder;
}

int create_file(const char *path, struct failure *failure) {
  const char *leaf;
  int folder = open_parent_for(path, &leaf, failure);
  if (folder < 0) return -1;
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  int fd = openat(folder, leaf, flags, 0600);
  /* An image may bring files below WorkDir. */
  if (fd < 0 && errno == EEXIST && unlinkat(folder, leaf, 0) == 0) fd = openat(folder, leaf, flags, 0600);
  if (fd < 0) fail_errno(failure, "can't create", path);
  close(folder);
  return fd;
}

bool create_folder(const char *path, mode_t mode, struct failure *failure) {
  const char *leaf;
  int parent = open_parent_for(path, &leaf, failure);
  if (parent < 0) return false;
  bool done = mkdirat(parent, leaf, 0700) == 0 || errno == EEXIST;
  int folder = done ? openat(parent, leaf, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
  done = folder >= 0 && fchmod(folder, mode) == 0;
  if (!done) fail_errno(failure, "can't create folder", path);
  if (folder >= 0) close(folder);
  close(parent);
  return done;
}

bool write_fully(int fd, const void *data, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t count = write(fd, (const char *)data + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    done += (size_t)count;
  }
  return true;
}
