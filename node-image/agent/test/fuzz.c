/*
 * Fuzzes all that reads the service's bytes: each input is one whole conversation. Commands are not run. After each, WorkDir must hold
 * nothing but root's own files and folders, nothing may have come beside it, and it must be possible to empty it.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../agent.h"

/* Descriptors that one conversation may leave open when it ends in the middle; the cache's own come on top. */
#define DESCRIPTORS_MAX 128

static jmp_buf ended;
static int beside = -1, sink = -1;

void end_all(int exit_code) { longjmp(ended, 1 + exit_code); }

void end_on_request(void) { end_all(0); }

void empty_within(uint64_t ms) {}

bool reset(struct failure *failure) { return fail(failure, "io", "not here"); }

void run(uint64_t deadline_ms, char *const *environment, size_t count, char *command) {
  size_t bytes = strlen(command);
  for (size_t i = 0; i < count; i++) bytes += strlen(environment[i]);
  reply("ran deadline=%llu bytes=%zu", (unsigned long long)deadline_ms, bytes);
}

static void die(const char *what) {
  fprintf(stderr, "fuzz: %s\n", what);
  abort();
}

static void set_up(void) {
  char folder[] = "/dev/shm/joyoi-fuzz.XXXXXX";
  struct failure failure;
  if (mkdtemp(folder) == NULL || (beside = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) die("no folder");
  if (mkdirat(beside, "work", 01777) != 0) die("no WorkDir");
  int work = openat(beside, "work", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (work < 0 || !empty_folder(work, now_us() + 1000000, &failure)) die("no WorkDir");
  workdir_use(work);
  sink = open("/dev/null", O_WRONLY | O_CLOEXEC);
}

static void check_entries(int folder, int depth) {
  char entries[4096] __attribute__((aligned(8)));
  struct stat status;
  for (long size; (size = read_entries(folder, entries, sizeof entries)) > 0;) {
    for (long at = 0; at < size;) {
      const struct entry *entry = (const struct entry *)(entries + at);
      at += entry->length;
      if (is_dots(entry->name)) continue;
      if (fstatat(folder, entry->name, &status, AT_SYMLINK_NOFOLLOW) != 0) die("an entry can't be looked at");
      if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) die("an entry that is neither file nor folder");
      if ((status.st_mode & 06000) != 0 || status.st_nlink < 1) die("a mode that nobody may have");
      if (depth == 0 || !S_ISDIR(status.st_mode)) continue;
      int inner = openat(folder, entry->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (inner >= 0) check_entries(inner, depth - 1);
      if (inner >= 0) close(inner);
    }
  }
}

static unsigned count_entries(int folder) {
  char entries[4096] __attribute__((aligned(8)));
  unsigned count = 0;
  lseek(folder, 0, SEEK_SET);
  for (long size; (size = read_entries(folder, entries, sizeof entries)) > 0;) {
    for (long at = 0; at < size; at += ((const struct entry *)(entries + at))->length) count++;
  }
  return count;
}

static int clean_up(void) {
  unlinkat(beside, "work", AT_REMOVEDIR);
  char path[64], folder[256];
  snprintf(path, sizeof path, "/proc/self/fd/%d", beside);
  ssize_t length = readlink(path, folder, sizeof folder - 1);
  if (length > 0) {
    folder[length] = '\0';
    rmdir(folder);
  }
  return 0;
}

static void at_exit(void) { clean_up(); }

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct failure failure;
  if (beside < 0) {
    set_up();
    atexit(at_exit);
  }
  int in = memfd_create("conversation", MFD_CLOEXEC);
  if (in < 0 || !write_fully(in, "hello 1 cacheBytes=4096\n", 24) || !write_fully(in, data, size)) die("no conversation");
  lseek(in, 0, SEEK_SET);
  wire_patience(0);
  wire_open(in, sink);
  if (setjmp(ended) == 0) {
    for (;;) obey();
  }
  cache_limit(0);
  syscall(SYS_close_range, (unsigned)in, (unsigned)in + DESCRIPTORS_MAX, 0U);
  lseek(workdir(), 0, SEEK_SET);
  check_entries(workdir(), 8);
  if (!empty_folder(workdir(), now_us() + 5000000, &failure)) die(failure.text);
  if (count_entries(workdir()) != 2 || count_entries(beside) != 3) die("something is left, or has come beside WorkDir");
  return 0;
}
