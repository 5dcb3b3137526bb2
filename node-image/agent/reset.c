/*
 * Makes the sandbox as it was, and proves it. What can be written is read from the list of mounts, not assumed: a place that is not known
 * to be emptied condemns the sandbox.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "agent.h"

/* Unless hello says otherwise. */
#define EMPTY_MS 120000
#define PLACES_MAX 16
#define KEPT_MAX 64

/* A folder that can be written to, and how it was. */
struct place {
  char path[256];
  int fd;
  struct stat status;
};

/* What the engine had put into a place before there was any actor, as into /dev: it must be as it was. */
struct kept {
  const struct place *place;
  char name[64];
  struct stat status;
};

static struct place places[PLACES_MAX];
static size_t place_count;
static struct kept kept[KEPT_MAX];
static size_t kept_count;
/* Why this container can't be clean after any run; empty when it can. */
static char obstacle[256];
/* A disk that is not emptied at the end, and so must be removable by others; empty when there is none. */
static char other_disk[256];
static bool is_workdir_a_volume;
static uint64_t empty_us = EMPTY_MS * 1000ULL;

void empty_within(uint64_t ms) { empty_us = ms * 1000; }

static void add_obstacle(const char *path, const char *what) {
  if (obstacle[0] == '\0') snprintf(obstacle, sizeof obstacle, "%.200s %s", path, what);
}

static void add_other_disk(const char *path) {
  add_obstacle(path, "is writable");
  if (other_disk[0] == '\0') snprintf(other_disk, sizeof other_disk, "%.200s is writable, and not emptied", path);
}

static struct place *add_place(const char *path, int fd) {
  if (fd < 0 || place_count == PLACES_MAX || strlen(path) >= sizeof places[0].path) return NULL;
  struct place *place = &places[place_count];
  snprintf(place->path, sizeof place->path, "%s", path);
  place->fd = fd;
  if (fstat(fd, &place->status) != 0) return NULL;
  place_count++;
  return place;
}

static bool keep(const struct place *place, const char *name) {
  if (kept_count == KEPT_MAX || strlen(name) >= sizeof kept[0].name) return false;
  struct kept *entry = &kept[kept_count++];
  entry->place = place;
  snprintf(entry->name, sizeof entry->name, "%s", name);
  if (fstatat(place->fd, name, &entry->status, AT_SYMLINK_NOFOLLOW) != 0) return false;
  /* What is in a folder is not looked at, unless it is a place of its own. */
  return !S_ISDIR(entry->status.st_mode) || entry->status.st_dev != place->status.st_dev;
}

static bool keep_entries(const struct place *place) {
  char entries[4096] __attribute__((aligned(8)));
  for (long size; (size = read_entries(place->fd, entries, sizeof entries)) != 0;) {
    if (size < 0) return false;
    for (long at = 0; at < size;) {
      const struct entry *entry = (const struct entry *)(entries + at);
      at += entry->length;
      if (!is_dots(entry->name) && !keep(place, entry->name)) return false;
    }
  }
  return true;
}

/* Mounts that nothing can be left in. PROTOCOL.md says what of /proc can. */
static bool is_harmless(const char *type) {
  static const char *const types[] = {"proc", "sysfs", "cgroup", "cgroup2"};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (strcmp(type, types[i]) == 0) return true;
  }
  return false;
}

static bool is_writable(const char *options) { return strncmp(options, "rw", 2) == 0 && (options[2] == ',' || options[2] == '\0'); }

static void remember_mount(const char *path, const char *type) {
  struct stat status;
  if (is_harmless(type)) return;
  if (strchr(path, '\\') != NULL || stat(path, &status) != 0) {
    add_other_disk(path);
    return;
  }
  /* The engine masks files of /proc with its /dev/null. */
  if (S_ISCHR(status.st_mode)) return;
  const bool is_memory = strcmp(type, "tmpfs") == 0 || strcmp(type, "mqueue") == 0 || strcmp(type, "devpts") == 0;
  const struct stat *own = &places[0].status;
  if (own->st_dev == status.st_dev && own->st_ino == status.st_ino) { /* WorkDir */
    if (!is_memory) add_obstacle(path, "is on disk");
    is_workdir_a_volume = !is_memory;
    return;
  }
  const struct place *place = is_memory ? add_place(path, open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) : NULL;
  if (place == NULL && !is_memory) {
    add_other_disk(path);
  } else if (place == NULL) {
    add_obstacle(path, "is writable");
  } else if (!keep_entries(place)) {
    add_obstacle(path, "holds more than can be watched");
  }
}

/* "ID PARENT DEVICE ROOT PATH OPTIONS … - TYPE SOURCE SUPER-OPTIONS" */
static bool parse_mount(char *line, char **path, char **options, char **type, char **super_options) {
  char *fields[5];
  char *second = strstr(line, " - ");
  if (second == NULL) return false;
  *second = '\0';
  second += 3;
  *path = *options = NULL;
  for (int i = 0; i < 6; i++) {
    char *field = strsep(&line, " ");
    if (i == 4) *path = field;
    if (i == 5) *options = field;
  }
  for (int i = 0; i < 3; i++) fields[i] = strsep(&second, " ");
  *type = fields[0];
  *super_options = fields[2];
  return *path != NULL && *options != NULL && *type != NULL && *super_options != NULL;
}

void reset_remember(void) {
  static char line[LINE_MAX_BYTES];
  /* The first place, and the only one in which nothing is kept. */
  if (add_place("WorkDir", workdir()) == NULL) fatal("WorkDir can't be looked at: %s", strerror(errno));
  /* Start-up, so what the C library allocates here depends on no input of the protocol. */
  FILE *mounts = fopen("/proc/self/mountinfo", "re");
  if (mounts == NULL) {
    add_obstacle("/proc/self/mountinfo", "can't be read");
    return;
  }
  bool has_queues = false;
  while (fgets(line, sizeof line, mounts) != NULL) {
    char *path, *options, *type, *super_options;
    line[strcspn(line, "\n")] = '\0';
    if (!parse_mount(line, &path, &options, &type, &super_options)) {
      add_obstacle("a line of /proc/self/mountinfo", "is not understood");
      continue;
    }
    has_queues = has_queues || strcmp(type, "mqueue") == 0;
    if (is_writable(options) && is_writable(super_options)) remember_mount(path, type);
  }
  fclose(mounts);
  if (!has_queues) add_obstacle("/dev/mqueue", "is not mounted, so queues can't be seen");
  self_remember();
}

/* Attributes and access lists of what stays would outlive what goes. */
static void remove_attributes(const char *path) {
  static char names[64 * 1024];
  ssize_t size = llistxattr(path, names, sizeof names);
  for (ssize_t at = 0; at < size; at += (ssize_t)strlen(names + at) + 1) lremovexattr(path, names + at);
}

static bool is_kept(const struct place *place, const char *name) {
  for (size_t i = 0; i < kept_count; i++) {
    if (kept[i].place == place && strcmp(kept[i].name, name) == 0) return true;
  }
  return false;
}

static bool has_kept(const struct place *place) {
  for (size_t i = 0; i < kept_count; i++) {
    if (kept[i].place == place) return true;
  }
  return false;
}

/* Removes all but what is kept. */
static bool thin_out(const struct place *place, uint64_t deadline_us, struct failure *failure) {
  char entries[4096] __attribute__((aligned(8)));
  for (bool found = true; found;) {
    found = false;
    if (lseek(place->fd, 0, SEEK_SET) != 0) return fail_errno(failure, "can't read", place->path);
    for (long size; (size = read_entries(place->fd, entries, sizeof entries)) != 0;) {
      if (size < 0) return fail_errno(failure, "can't read", place->path);
      for (long at = 0; at < size;) {
        const struct entry *entry = (const struct entry *)(entries + at);
        at += entry->length;
        if (is_dots(entry->name) || is_kept(place, entry->name)) continue;
        found = true;
        if (!remove_entry(place->fd, entry->name, deadline_us, failure)) return false;
      }
    }
    if (found && now_us() > deadline_us) return fail(failure, "io", "emptying took too long");
  }
  return true;
}

static bool restore_place(const struct place *place, uint64_t deadline_us, struct failure *failure) {
  struct stat now;
  bool done = has_kept(place) ? thin_out(place, deadline_us, failure) : empty_folder(place->fd, deadline_us, failure);
  if (!done) return false;
  char path[32];
  /* The folder itself, wherever it is now: the link ends in a descriptor, and a final slash follows it. */
  snprintf(path, sizeof path, "/proc/self/fd/%d/.", place->fd);
  remove_attributes(path);
  const struct stat *was = &place->status;
  const struct timespec times[2] = {was->st_atim, was->st_mtim};
  done = fchown(place->fd, was->st_uid, was->st_gid) == 0 && fchmod(place->fd, was->st_mode & 07777) == 0 &&
         futimens(place->fd, times) == 0 && fstat(place->fd, &now) == 0;
  if (!done) return fail_errno(failure, "can't restore", place->path);
  return now.st_nlink > 0 || fail(failure, "io", "%s was removed", place->path);
}

static bool is_same(const struct stat *a, const struct stat *b) {
  if (a->st_dev != b->st_dev || a->st_ino != b->st_ino || a->st_mode != b->st_mode || a->st_rdev != b->st_rdev) return false;
  if (a->st_uid != b->st_uid || a->st_gid != b->st_gid) return false;
  /* A file's last change; a device's and a folder's come by themselves. */
  return !S_ISREG(a->st_mode) || (a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec);
}

static bool restore_kept(struct failure *failure) {
  char path[sizeof places[0].path + sizeof kept[0].name];
  struct stat status;
  for (size_t i = 0; i < kept_count; i++) {
    const struct stat *was = &kept[i].status;
    const struct timespec times[2] = {was->st_atim, was->st_mtim};
    if (fstatat(kept[i].place->fd, kept[i].name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !is_same(&status, was)) {
      return fail(failure, "io", "%s/%s was changed", kept[i].place->path, kept[i].name);
    }
    /* Of a file, this would change what the next comparison sees; and of a mount that can't be written to, nothing has changed. */
    if (S_ISREG(was->st_mode)) continue;
    utimensat(kept[i].place->fd, kept[i].name, times, AT_SYMLINK_NOFOLLOW);
    snprintf(path, sizeof path, "/proc/self/fd/%d/%s", kept[i].place->fd, kept[i].name);
    remove_attributes(path);
  }
  return true;
}

bool reset(struct failure *failure) {
  const uint64_t deadline_us = now_us() + empty_us;
  unsigned left = kill_all(now_us() + KILL_GRACE_US);
  bool done = left == 0 || fail(failure, "io", "%u processes outlived their SIGKILL", left);
  /* All is emptied even when one of them already condemns: it may be large, and the container is about to be removed. */
  for (size_t i = 0; i < place_count; i++) {
    struct failure another;
    if (!restore_place(&places[i], deadline_us, done ? failure : &another)) done = false;
  }
  if (!done) return false;
  if (!restore_kept(failure) || !remove_ipc(failure) || !network_is_unused(failure) || !self_restore(failure)) return false;
  left = count_others();
  if (left > 0) return fail(failure, "io", "%u processes came anew", left);
  return obstacle[0] == '\0' || fail(failure, "io", "%s", obstacle);
}

bool empty_disk(struct failure *failure) {
  if (empty_us == 0) return fail(failure, "io", "nothing was to be emptied");
  if (is_workdir_a_volume && !empty_folder(workdir(), now_us() + empty_us, failure)) return false;
  return other_disk[0] == '\0' || fail(failure, "io", "%s", other_disk);
}
