/*
 * Empties folders that a hostile program has filled. Neither the depth of a tree nor the length of a path matters: what lies deeper than
 * a few levels is first moved up to the top, under a name of ours, and there it is emptied in the same way. So there are never more than
 * those few descriptors below the top's own, and each folder costs a few calls. Links are removed, not followed; a mount point stops it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent.h"

/* On a disk, moving a folder takes as long as removing it: with this many levels, few are moved. */
#define LEVELS 16

static char top_entries[32 * 1024] __attribute__((aligned(8))), inner_entries[LEVELS][8 * 1024] __attribute__((aligned(8)));
static uint64_t moved;

long read_entries(int fd, void *buffer, size_t size) { return syscall(SYS_getdents64, fd, buffer, size); }

bool is_dots(const char *name) { return strcmp(name, ".") == 0 || strcmp(name, "..") == 0; }

/* True when it is gone. errno is ENOTEMPTY when it is a folder with something in it. */
static bool remove_simple(int folder, const char *name) {
  if (unlinkat(folder, name, 0) == 0 || errno == ENOENT) return true;
  /* POSIX has EPERM for a folder, Linux EISDIR. */
  if (errno != EISDIR && errno != EPERM) return false;
  if (unlinkat(folder, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return true;
  if (errno == EEXIST) errno = ENOTEMPTY;
  return false;
}

/* To a name in the top that nothing has yet. */
static bool move_up(int folder, const char *name, int top) {
  char fresh[32];
  for (int attempt = 0; attempt < 1000; attempt++) {
    snprintf(fresh, sizeof fresh, ".%llu", (unsigned long long)moved++);
    if (syscall(SYS_renameat2, folder, name, top, fresh, 1U /* RENAME_NOREPLACE */) == 0) return true;
    if (errno != EEXIST) return false;
  }
  return false;
}

static bool remove_folder(int folder, const char *name, int top, int level, uint64_t deadline_us, struct failure *failure);

/* Leaves the folder empty: what would be below the last level is moved to the top. */
static bool hollow_out(int folder, int top, int level, uint64_t deadline_us, struct failure *failure) {
  char *entries = inner_entries[level];
  for (bool found = true; found;) {
    found = false;
    /* From the start again only after the end: where a folder was large, the kernel goes through all that was removed. */
    if (lseek(folder, 0, SEEK_SET) != 0) return fail_errno(failure, "can't read", "a folder");
    for (long size; (size = read_entries(folder, entries, sizeof inner_entries[level])) != 0;) {
      if (size < 0) return fail_errno(failure, "can't read", "a folder");
      for (long at = 0; at < size;) {
        const struct entry *entry = (const struct entry *)(entries + at);
        at += entry->length;
        if (is_dots(entry->name)) continue;
        found = true;
        if (remove_simple(folder, entry->name)) continue;
        if (errno != ENOTEMPTY) return fail_errno(failure, "can't remove", entry->name);
        if (level + 1 < LEVELS) {
          if (!remove_folder(folder, entry->name, top, level + 1, deadline_us, failure)) return false;
        } else if (!move_up(folder, entry->name, top)) {
          return fail_errno(failure, "can't move", entry->name);
        }
      }
      if (now_us() > deadline_us) return fail(failure, "io", "emptying took too long");
    }
  }
  return true;
}

static bool remove_folder(int folder, const char *name, int top, int level, uint64_t deadline_us, struct failure *failure) {
  int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (inner < 0) return fail_errno(failure, "can't open", name);
  bool done = hollow_out(inner, top, level, deadline_us, failure);
  close(inner);
  return done && (remove_simple(folder, name) || fail_errno(failure, "can't remove", name));
}

bool remove_entry(int folder, const char *name, uint64_t deadline_us, struct failure *failure) {
  if (remove_simple(folder, name)) return true;
  if (errno != ENOTEMPTY) return fail_errno(failure, "can't remove", name);
  return remove_folder(folder, name, folder, 0, deadline_us, failure);
}

bool empty_folder(int fd, uint64_t deadline_us, struct failure *failure) {
  for (;;) {
    bool found = false;
    if (lseek(fd, 0, SEEK_SET) != 0) return fail_errno(failure, "can't read", "a folder");
    for (long size; (size = read_entries(fd, top_entries, sizeof top_entries)) != 0;) {
      if (size < 0) return fail_errno(failure, "can't read", "a folder");
      for (long at = 0; at < size;) {
        const struct entry *entry = (const struct entry *)(top_entries + at);
        at += entry->length;
        if (is_dots(entry->name)) continue;
        found = true;
        if (!remove_entry(fd, entry->name, deadline_us, failure)) return false;
        if (now_us() > deadline_us) return fail(failure, "io", "emptying took too long");
      }
    }
    if (!found) return true;
  }
}
