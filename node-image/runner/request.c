/* The request: a line of limits, and a command line, on standard input. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"

#define LIMITS_MAX_BYTES 256
/* A day, and a terabyte: above them a number is a mistake rather than a limit. */
#define MS_MAX 86400000L
#define MB_MAX 1048576L

struct field {
  const char *name;
  long minimum;
  long maximum;
  long *value;
};

/* A byte at a time would be slow, so more than the two lines may be consumed: nothing else reads this input. */
static ssize_t read_all(char *buffer, size_t size) {
  size_t length = 0;
  while (length < size) {
    ssize_t count = read(STDIN_FILENO, buffer + length, size - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    if (count == 0) break;
    length += (size_t)count;
  }
  return (ssize_t)length;
}

static bool parse_field(const struct field *field, const char *text, char *error, size_t error_size) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  bool digits = text[strspn(text, "0123456789")] == '\0' && *text != '\0';
  if (!digits || *end != '\0' || errno != 0 || value < field->minimum || value > field->maximum) {
    snprintf(error, error_size, "limit line: %s is '%.40s', but must be a whole number from %ld to %ld", field->name, text, field->minimum,
             field->maximum);
    return false;
  }
  *field->value = value;
  return true;
}

static bool parse_limits(struct request *request, char *line, char *error, size_t error_size) {
  const struct field fields[] = {
      {"userMs", 1, MS_MAX, &request->user_ms},
      {"totalMs", 0, MS_MAX, &request->total_ms},
      {"virtualMemoryMb", 0, MB_MAX, &request->virtual_mb},
      {"memoryMb", 0, MB_MAX, &request->memory_mb},
      {"outputMb", 0, MB_MAX, &request->output_mb},
      {"stackMb", 0, MB_MAX, &request->stack_mb},
  };
  const size_t known = sizeof fields / sizeof fields[0];
  size_t index = 0;
  for (char *save, *text = strtok_r(line, " \t\r", &save); text != NULL; text = strtok_r(NULL, " \t\r", &save)) {
    if (index == known) {
      snprintf(error, error_size, "limit line: '%.40s' is one number too many; it is: userMs [totalMs [virtualMemoryMb [memoryMb [outputMb [stackMb]]]]]", text);
      return false;
    }
    if (!parse_field(&fields[index++], text, error, error_size)) return false;
  }
  if (index == 0) {
    snprintf(error, error_size, "limit line: empty, but must be: userMs [totalMs [virtualMemoryMb [memoryMb [outputMb [stackMb]]]]]");
    return false;
  }
  if (request->total_ms == 0) request->total_ms = 2 * request->user_ms;
  if (request->output_mb == 0) request->output_mb = OUTPUT_DEFAULT_MB;
  return true;
}

bool read_request(struct request *request, char *error, size_t error_size) {
  /* One byte more than allowed, so that a line that is too long shows. */
  static char buffer[LIMITS_MAX_BYTES + 1 + COMMAND_MAX_BYTES + 2];
  memset(request, 0, sizeof *request);
  request->command = "";
  ssize_t length = read_all(buffer, sizeof buffer - 1);
  if (length < 0) {
    snprintf(error, error_size, "standard input can't be read: %s", strerror(errno));
    return false;
  }
  char *limits_end = memchr(buffer, '\n', (size_t)length);
  if (limits_end == NULL || limits_end - buffer > LIMITS_MAX_BYTES) {
    snprintf(error, error_size, "standard input must be two lines: the limits (at most %d bytes), and the command line", LIMITS_MAX_BYTES);
    return false;
  }
  *limits_end = '\0';
  request->command = limits_end + 1;
  size_t rest = (size_t)(buffer + length - request->command);
  char *command_end = memchr(request->command, '\n', rest);
  request->command_length = command_end != NULL ? (size_t)(command_end - request->command) : rest;
  if (request->command_length > COMMAND_MAX_BYTES) {
    request->command_length = 0;
    snprintf(error, error_size, "the command line is longer than %d bytes", COMMAND_MAX_BYTES);
    return false;
  }
  request->command[request->command_length] = '\0';
  if (request->command_length == 0 || memchr(request->command, '\0', request->command_length) != NULL) {
    snprintf(error, error_size, request->command_length == 0 ? "the command line is missing" : "the command line holds a NUL byte");
    return false;
  }
  if (strlen(buffer) != (size_t)(limits_end - buffer)) {
    snprintf(error, error_size, "limit line: holds a NUL byte");
    return false;
  }
  return parse_limits(request, buffer, error, error_size);
}
