/*
 * Contents that the service need not send again. They lie in anonymous files that only descriptors of this process lead to, and since it is
 * undumpable not even a root actor can open those: what was put in is what comes out. They count against the container's memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "agent.h"

/* More than the inputs of a task; each costs a descriptor. */
#define ENTRIES_MAX 64

struct content {
  char hash[HASH_HEX + 1]; /* empty: a free place */
  int fd;
  uint64_t size;
  uint64_t last_use;
};

static struct content contents[ENTRIES_MAX];
static uint64_t limit, used, clock_ticks;

static bool is_hash(const char *text) { return strlen(text) == HASH_HEX && strspn(text, "0123456789abcdef") == HASH_HEX; }

static struct content *find(const char *hash) {
  for (size_t i = 0; i < ENTRIES_MAX; i++) {
    if (strcmp(contents[i].hash, hash) == 0) return &contents[i];
  }
  return NULL;
}

static void drop(struct content *content) {
  close(content->fd);
  used -= content->size;
  content->hash[0] = '\0';
}

void cache_limit(uint64_t bytes) {
  for (size_t i = 0; i < ENTRIES_MAX; i++) {
    if (contents[i].hash[0] != '\0') drop(&contents[i]);
  }
  limit = bytes;
}

/* A free place with that much room, made by dropping what was not used for longest. */
static struct content *make_room(uint64_t bytes) {
  for (;;) {
    struct content *free_place = find(""), *oldest = NULL;
    if (free_place != NULL && used + bytes <= limit) return free_place;
    for (size_t i = 0; i < ENTRIES_MAX; i++) {
      if (contents[i].hash[0] != '\0' && (oldest == NULL || contents[i].last_use < oldest->last_use)) oldest = &contents[i];
    }
    if (oldest == NULL) return NULL;
    drop(oldest);
  }
}

static bool receive(int fd, uint64_t *left, const char *hash, struct failure *failure) {
  char buffer[32 * 1024], actual[HASH_HEX + 1];
  struct sha256 sha;
  sha256_start(&sha);
  while (*left > 0) {
    size_t count = read_some(buffer, *left < sizeof buffer ? (size_t)*left : sizeof buffer);
    *left -= count;
    sha256_add(&sha, buffer, count);
    if (!write_fully(fd, buffer, count)) return fail_errno(failure, "can't keep", hash);
  }
  sha256_hex(&sha, actual);
  return strcmp(actual, hash) == 0 || fail(failure, "invalid", "the content's hash is %s", actual);
}

bool cache_store(const char *hash, uint64_t bytes, struct failure *failure) {
  uint64_t left = bytes;
  bool done = false;
  struct content *place = NULL;
  int fd = -1;
  if (!is_hash(hash)) {
    fail(failure, "invalid", "not a SHA-256 in lower-case hexadecimal digits");
  } else if ((place = find(hash)) != NULL) {
    done = true; /* known already */
  } else if (bytes > limit || (place = make_room(bytes)) == NULL) {
    fail(failure, "space", "%llu bytes don't fit into the cache of %llu", (unsigned long long)bytes, (unsigned long long)limit);
  } else if ((fd = memfd_create("content", MFD_CLOEXEC | MFD_ALLOW_SEALING)) < 0) {
    fail_errno(failure, "can't keep", hash);
  } else if (receive(fd, &left, hash, failure)) {
    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    *place = (struct content){.fd = fd, .size = bytes, .last_use = ++clock_ticks};
    memcpy(place->hash, hash, HASH_HEX + 1);
    used += bytes;
    fd = -1;
    done = true;
  }
  if (fd >= 0) close(fd);
  skip(left);
  return done;
}

bool cache_place(const char *hash, mode_t mode, const char *path, bool *found, struct failure *failure) {
  struct content *content = is_hash(hash) ? find(hash) : NULL;
  *found = content != NULL;
  if (!*found) return is_hash(hash) || fail(failure, "invalid", "not a SHA-256 in lower-case hexadecimal digits");
  int fd = create_file(path, failure);
  if (fd < 0) return false;
  off_t offset = 0;
  while ((uint64_t)offset < content->size) {
    ssize_t count = sendfile(fd, content->fd, &offset, (size_t)(content->size - (uint64_t)offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
  }
  bool done = (uint64_t)offset == content->size && fchmod(fd, mode) == 0;
  if (!done) fail_errno(failure, "can't write", path);
  close(fd);
  content->last_use = ++clock_ticks;
  return done;
}
