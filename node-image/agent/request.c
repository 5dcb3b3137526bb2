/* One request: its line is taken apart, obeyed and answered. What can't be understood ends the connection, since data may follow it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

/* What one fetch may ask for; more is fetched in parts, so that a service that loses interest need not take it all. */
#define FETCH_MAX_BYTES (64ULL * 1024 * 1024)

static bool greeted;

bool parse_number(const char *text, uint64_t maximum, uint64_t *value) {
  size_t digits = strspn(text, "0123456789");
  if (digits == 0 || digits > 15 || text[digits] != '\0') return false;
  *value = strtoull(text, NULL, 10);
  return *value <= maximum;
}

/* The next word of the line, which must be there. */
static char *word(char **rest) {
  char *found = strsep(rest, " ");
  if (found == NULL || *found == '\0') fatal("a request lacks a word");
  return found;
}

static uint64_t number(char **rest, uint64_t maximum) {
  uint64_t value;
  const char *text = word(rest);
  if (!parse_number(text, maximum, &value)) fatal("'%.40s' is not a number of at most %llu", text, (unsigned long long)maximum);
  return value;
}

static void no_more(const char *rest) {
  if (rest != NULL) fatal("a request has a word too many");
}

static void answer(bool done, const struct failure *failure) {
  if (done) {
    reply("ok");
  } else {
    reply_failure(failure);
  }
}

static void hello(char *rest) {
  static const struct {
    const char *name;
    void (*set)(uint64_t value);
  } options[] = {{"cacheBytes=", cache_limit}, {"idleMs=", wire_patience}, {"emptyMs=", empty_within}};
  uint64_t version = number(&rest, 1000), value;
  if (version < VERSION_LOWEST || version > VERSION_HIGHEST) fatal("version %llu is not spoken here", (unsigned long long)version);
  while (rest != NULL) {
    const char *option = word(&rest);
    /* Unknown ones are those of later versions that can be done without. */
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
      size_t length = strlen(options[i].name);
      if (strncmp(option, options[i].name, length) != 0) continue;
      if (!parse_number(option + length, NUMBER_MAX, &value)) fatal("'%.60s' is malformed", option);
      options[i].set(value);
    }
  }
  greeted = true;
  reply("ok");
}

static void put(char *rest) {
  struct failure failure;
  uint64_t bytes = number(&rest, NUMBER_MAX);
  no_more(rest);
  answer(unpack(bytes, &failure), &failure);
}

static void store(char *rest) {
  struct failure failure;
  const char *hash = word(&rest);
  uint64_t bytes = number(&rest, NUMBER_MAX);
  no_more(rest);
  answer(cache_store(hash, bytes, &failure), &failure);
}

static void place(char *rest) {
  struct failure failure;
  bool found = false;
  const char *hash = word(&rest), *mode_text = word(&rest);
  if (rest == NULL) fatal("place lacks a path");
  char *end;
  unsigned long mode = strtoul(mode_text, &end, 8);
  bool done = *end == '\0' && mode <= 0777 ? cache_place(hash, (mode_t)mode, rest, &found, &failure)
                                           : fail(&failure, "invalid", "'%.20s' is not a mode", mode_text);
  if (done && !found) {
    reply("missing");
  } else {
    answer(done, &failure);
  }
}

static void fetch(char *rest) {
  struct failure failure;
  uint64_t offset = number(&rest, NUMBER_MAX), maximum = number(&rest, FETCH_MAX_BYTES);
  const char *path = rest, *leaf = NULL;
  if (path == NULL || !is_good_path(path)) {
    fail(&failure, "invalid", "'%.150s' is not a plain relative path", path == NULL ? "" : path);
    reply_failure(&failure);
    return;
  }
  struct stat status;
  size_t length = 0;
  enum kind kind = KIND_NONE;
  int fd = -1, folder = open_parent(path, &leaf, &kind, &length);
  if (folder >= 0) {
    length = strlen(path);
    kind = kind_at(folder, leaf, &status);
    /* O_NONBLOCK, since it may have become a FIFO meanwhile; what was opened is what is looked at. */
    if (kind == KIND_FILE) fd = openat(folder, leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    close(folder);
    if (kind == KIND_FILE && (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0)) {
      fail_errno(&failure, "can't open", path);
      if (fd >= 0) close(fd);
      reply_failure(&failure);
      return;
    }
  } else if (kind == KIND_FOLDER) {
    kind = KIND_NONE; /* gone between two looks */
  }
  if (kind == KIND_NONE) {
    reply("none");
  } else if (fd < 0) {
    reply("refused %s %.*s", kind_name(kind), (int)length, path);
  } else {
    uint64_t size = (uint64_t)status.st_size, left = size > offset ? size - offset : 0, count = left < maximum ? left : maximum;
    reply("file %llu %llu", (unsigned long long)size, (unsigned long long)count);
    bool whole = send_file(fd, offset, count);
    close(fd);
    fail(&failure, "io", "the file can't be read to its end");
    answer(whole, &failure);
  }
}

static void run_command(char *rest) {
  static char command[COMMAND_MAX_BYTES + 1];
  static char pairs[ENV_MAX_ENTRIES * 1024];
  char *environment[ENV_MAX_ENTRIES];
  uint64_t deadline_ms = number(&rest, NUMBER_MAX), count = number(&rest, ENV_MAX_ENTRIES), bytes = number(&rest, COMMAND_MAX_BYTES);
  no_more(rest);
  size_t used = 0;
  for (uint64_t i = 0; i < count; i++) {
    if (sizeof pairs - used < 2) fatal("the environment is longer than %zu bytes", sizeof pairs);
    environment[i] = pairs + used;
    read_line(environment[i], sizeof pairs - used);
    if (strchr(environment[i], '=') == NULL || *environment[i] == '=') fatal("'%.40s' is not NAME=VALUE", environment[i]);
    used += strlen(environment[i]) + 1;
  }
  read_fully(command, bytes);
  command[bytes] = '\0';
  if (strlen(command) != bytes) fatal("the command has a NUL byte");
  run(deadline_ms, environment, count, command);
}

void obey(void) {
  static char line[LINE_MAX_BYTES];
  struct failure failure;
  read_line(line, sizeof line);
  char *rest = line;
  const char *verb = word(&rest);
  if (strcmp(verb, "hello") == 0) {
    hello(rest);
  } else if (!greeted) {
    fatal("the first request must be hello");
  } else if (strcmp(verb, "put") == 0) {
    put(rest);
  } else if (strcmp(verb, "run") == 0) {
    run_command(rest);
  } else if (strcmp(verb, "fetch") == 0) {
    fetch(rest);
  } else if (strcmp(verb, "store") == 0) {
    store(rest);
  } else if (strcmp(verb, "place") == 0) {
    place(rest);
  } else if (strcmp(verb, "reset") == 0) {
    no_more(rest);
    if (reset(&failure)) {
      reply("clean");
    } else {
      reply("condemned %s", failure.text);
    }
  } else if (strcmp(verb, "end") == 0) {
    no_more(rest);
    end_on_request();
  } else {
    fatal("'%.40s' is not a request", verb);
  }
}
