/*
 * Empties folders that a hostile program has filled. Neither the depth of a tree nor the length of a path matters: every folder below the
 * top is first moved up to the top, under a name of ours, and there it is emptied in the same way. So there is never more than one
 * descriptor below the top's own, and each folder costs a few calls. Links are removed, not followed; a mount point stops it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agent.h"

static char top_entries[32 * 1024] __attribute__((aligned(8))), inner_entries[32 * 1024] __attribute__((aligned(8)));
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

/* Leaves the folder empty: what can't be removed at once is moved to the top. */
static bool hollow_out(int folder, int top, uint64_t deadline_us, struct failure *failure) {
  for (;;) {
    bool found = false;
    long size = read_entries(folder, inner_entries, sizeof inner_entries);
    if (size < 0) return fail_errno(failure, "can't read", "a folder");
    for (long at = 0; at < size;) {
      const struct entry *entry = (const struct entry *)(inner_entries + at);
      at += entry->length;
      if (is_dots(entry->name)) continue;
      found = true;
      if (remove_simple(folder, entry->name)) continue;
      if (errno != ENOTEMPTY || !move_up(folder, entry->name, top)) return fail_errno(failure, "can't remove", entry->name);
    }
    if (!found && size == 0) return true;
    if (now_us() > deadline_us) return fail(failure, "io", "emptying took too long");
    /* The kernel's position need not survive removals. */
    if (found && lseek(folder, 0, SEEK_SET) != 0) return fail_errno(failure, "can't read", "a folder");
  }
}

bool remove_entry(int folder, const char *name, uint64_t deadline_us, struct failure *failure) {
  if (remove_simple(folder, name)) return true;
  if (errno != ENOTEMPTY) return fail_errno(failure, "can't remove", name);
  int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (inner < 0) return fail_errno(failure, "can't open", name);
  bool done = hollow_out(inner, folder, deadline_us, failure);
  close(inner);
  return done && (remove_simple(folder, name) || fail_errno(failure, "can't remove", name));
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
