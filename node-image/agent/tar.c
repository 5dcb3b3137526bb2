/*
 * Reads a tar of files and folders, as POSIX has it (ustar, and pax headers for long names and large sizes). Links, devices and everything
 * else are refused. Owners and times are not taken over: all is root's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

#define BLOCK 512
/* A path, a size, and some keywords that nobody asked for. */
#define PAX_MAX_BYTES (2 * LINE_MAX_BYTES)

struct header {
  char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
  char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a tar header is one block");

struct tar {
  uint64_t left; /* bytes of the request that have not been read */
  char path[PATH_MAX_BYTES + 1];
  bool has_path; /* from a pax header, for the next entry */
  uint64_t size;
  bool has_size;
};

static bool take(struct tar *tar, void *buffer, size_t size, struct failure *failure) {
  if (size > tar->left) return fail(failure, "invalid", "the tar ends in the middle of an entry");
  read_fully(buffer, size);
  tar->left -= size;
  return true;
}

static bool parse_octal(const char *field, size_t size, uint64_t *value) {
  size_t i = 0;
  *value = 0;
  while (i < size && field[i] == ' ') i++;
  for (; i < size && field[i] >= '0' && field[i] <= '7'; i++) {
    *value = *value * 8 + (uint64_t)(field[i] - '0');
    if (*value > NUMBER_MAX) return false;
  }
  return i == size || field[i] == ' ' || field[i] == '\0';
}

static bool is_checksum_right(const struct header *header) {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  return true; /* else hardly any mutation would come further */
#endif
  const unsigned char *bytes = (const unsigned char *)header;
  uint64_t expected, sum = 0;
  for (size_t i = 0; i < BLOCK; i++) {
    bool own = i >= offsetof(struct header, checksum) && i < offsetof(struct header, type);
    sum += own ? ' ' : bytes[i];
  }
  return parse_octal(header->checksum, sizeof header->checksum, &expected) && sum == expected;
}

/* One record is "LENGTH KEY=VALUE\n", the length its own digits included. */
static bool read_record(struct tar *tar, const char *record, size_t size, size_t *length, struct failure *failure) {
  size_t digits = 0, total = 0;
  while (digits < size && digits < 6 && record[digits] >= '0' && record[digits] <= '9') total = total * 10 + (size_t)(record[digits++] - '0');
  if (digits == 0 || digits >= size || record[digits] != ' ' || total <= digits + 2 || total > size || record[total - 1] != '\n') {
    return fail(failure, "invalid", "a pax header is malformed");
  }
  const char *key = record + digits + 1, *equals = memchr(key, '=', total - digits - 2);
  if (equals == NULL) return fail(failure, "invalid", "a pax header is malformed");
  const char *value = equals + 1;
  size_t key_size = (size_t)(equals - key), value_size = (size_t)(record + total - 1 - value);
  *length = total;
  if (key_size == 4 && memcmp(key, "path", 4) == 0) {
    if (value_size > PATH_MAX_BYTES || memchr(value, '\0', value_size) != NULL) return fail(failure, "invalid", "a name is too long");
    memcpy(tar->path, value, value_size);
    tar->path[value_size] = '\0';
    tar->has_path = true;
  } else if (key_size == 4 && memcmp(key, "size", 4) == 0) {
    char number[24] = "";
    if (value_size >= sizeof number) return fail(failure, "invalid", "a size is too large");
    memcpy(number, value, value_size);
    if (!parse_number(number, NUMBER_MAX, &tar->size)) return fail(failure, "invalid", "the size '%s' is not a number", number);
    tar->has_size = true;
  }
  return true;
}

static bool read_pax(struct tar *tar, uint64_t size, struct failure *failure) {
  static char records[PAX_MAX_BYTES + BLOCK];
  if (size > PAX_MAX_BYTES) return fail(failure, "invalid", "a pax header is longer than %d bytes", PAX_MAX_BYTES);
  if (!take(tar, records, (size_t)(size + BLOCK - 1) / BLOCK * BLOCK, failure)) return false;
  for (size_t at = 0, length = 0; at < size; at += length) {
    if (!read_record(tar, records + at, (size_t)size - at, &length, failure)) return false;
  }
  return true;
}

static bool write_content(struct tar *tar, int fd, uint64_t size, struct failure *failure) {
  char buffer[32 * 1024];
  while (size > 0) {
    size_t count = read_some(buffer, size < sizeof buffer ? (size_t)size : sizeof buffer);
    tar->left -= count;
    size -= count;
    if (!write_fully(fd, buffer, count)) return fail_errno(failure, "can't write", tar->path);
  }
  return true;
}

static bool unpack_file(struct tar *tar, uint64_t size, mode_t mode, struct failure *failure) {
  const uint64_t padding = (BLOCK - size % BLOCK) % BLOCK;
  if (size + padding > tar->left) return fail(failure, "invalid", "the tar ends in the middle of %.150s", tar->path);
  int fd = create_file(tar->path, failure);
  if (fd < 0) return false;
  bool done = write_content(tar, fd, size, failure);
  if (done && fchmod(fd, mode) != 0) done = fail_errno(failure, "can't set the mode of", tar->path);
  if (close(fd) != 0 && done) done = fail_errno(failure, "can't write", tar->path);
  if (!done) return false;
  skip(padding);
  tar->left -= padding;
  return true;
}

/* The name of the header itself, where no pax header gave one. */
static void take_name(struct tar *tar, const struct header *header) {
  bool is_ustar = memcmp(header->magic, "ustar", 6) == 0;
  int prefix = is_ustar ? (int)strnlen(header->prefix, sizeof header->prefix) : 0;
  int name = (int)strnlen(header->name, sizeof header->name);
  snprintf(tar->path, sizeof tar->path, "%.*s%s%.*s", prefix, header->prefix, prefix > 0 ? "/" : "", name, header->name);
}

static bool read_entry(struct tar *tar, const struct header *header, struct failure *failure) {
  uint64_t size, mode;
  if (!is_checksum_right(header)) return fail(failure, "invalid", "a tar header's checksum is wrong");
  if (!parse_octal(header->size, sizeof header->size, &size) || !parse_octal(header->mode, sizeof header->mode, &mode)) {
    return fail(failure, "invalid", "a tar header's number is malformed");
  }
  if (header->type == 'x') return read_pax(tar, size, failure);
  if (!tar->has_path) take_name(tar, header);
  if (tar->has_size) size = tar->size;
  tar->has_path = tar->has_size = false;
  size_t length = strlen(tar->path);
  switch (header->type) {
    case '0':
    case '\0':
      return unpack_file(tar, size, (mode_t)mode & 0777, failure);
    case '5':
      if (length > 0 && tar->path[length - 1] == '/') tar->path[length - 1] = '\0';
      return size == 0 ? create_folder(tar->path, (mode_t)mode & 01777, failure) : fail(failure, "invalid", "a folder has content");
    default:
      return fail(failure, "invalid", "'%.150s' is neither a file nor a folder", tar->path);
  }
}

bool unpack(uint64_t bytes, struct failure *failure) {
  static const struct header zeros;
  static struct tar tar;
  struct header header;
  memset(&tar, 0, sizeof tar);
  tar.left = bytes;
  bool done = true, has_more = true;
  while (done && tar.left > 0 && has_more) {
    done = take(&tar, &header, BLOCK, failure);
    has_more = done && memcmp(&header, &zeros, BLOCK) != 0;
    if (has_more) done = read_entry(&tar, &header, failure);
  }
  if (done && (tar.has_path || tar.has_size)) done = fail(failure, "invalid", "the tar ends after a pax header");
  skip(tar.left);
  return done;
}
