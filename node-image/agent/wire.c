/* The connection: lines and data on two descriptors. Whatever goes wrong here ends the agent, since nothing after it could be understood. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

static char input[64 * 1024];
static size_t input_start, input_end;
static int input_fd = -1, output_fd = -1;
/* Until hello sets it: long enough for a container that was made ahead of its work. */
static int patience_ms = 600 * 1000;

void wire_open(int in, int out) {
  input_fd = in;
  output_fd = out;
  input_start = input_end = 0;
  /* So that a service that takes nothing holds this up no longer than one that sends nothing. */
  fcntl(out, F_SETFL, fcntl(out, F_GETFL) | O_NONBLOCK);
}

void wire_patience(uint64_t ms) { patience_ms = ms == 0 ? -1 : ms < INT_MAX ? (int)ms : INT_MAX; }

int wire_input(void) { return input_fd; }

/* A service that died need not have closed its connection, as when its machine lost power. */
static void await(int fd, short event) {
  struct pollfd poller = {.fd = fd, .events = event};
  int ready;
  do ready = poll(&poller, 1, patience_ms);
  while (ready < 0 && errno == EINTR);
  if (ready == 0) end_all(0);
}

static void fill(void) {
  ssize_t count;
  do {
    await(input_fd, POLLIN);
    count = read(input_fd, input, sizeof input);
  } while (count < 0 && (errno == EINTR || errno == EAGAIN));
  /* The service is gone; there is nobody to tell. */
  if (count <= 0) end_all(0);
  input_start = 0;
  input_end = (size_t)count;
}

size_t read_some(void *buffer, size_t size) {
  if (input_start == input_end) fill();
  size_t count = input_end - input_start < size ? input_end - input_start : size;
  memcpy(buffer, input + input_start, count);
  input_start += count;
  return count;
}

void read_fully(void *buffer, size_t size) {
  for (size_t done = 0; done < size;) done += read_some((char *)buffer + done, size - done);
}

void skip(uint64_t bytes) {
  while (bytes > 0) {
    if (input_start == input_end) fill();
    size_t count = input_end - input_start < bytes ? input_end - input_start : (size_t)bytes;
    input_start += count;
    bytes -= count;
  }
}

void read_line(char *line, size_t size) {
  size_t length = 0;
  for (;;) {
    if (input_start == input_end) fill();
    const char *from = input + input_start, *end = memchr(from, '\n', input_end - input_start);
    size_t count = end == NULL ? input_end - input_start : (size_t)(end - from);
    if (count >= size - length) fatal("a line is longer than %zu bytes", size - 1);
    memcpy(line + length, from, count);
    length += count;
    input_start += count + (end != NULL);
    if (end != NULL) break;
  }
  line[length] = '\0';
  if (memchr(line, '\0', length) != NULL) fatal("a line has a NUL byte");
}

bool is_input_quiet(void) {
  struct pollfd poller = {.fd = input_fd, .events = POLLIN | POLLRDHUP};
  return input_start == input_end && poll(&poller, 1, 0) == 0;
}

static void send_bytes(const void *data, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t count = write(output_fd, (const char *)data + done, size - done);
    if (count < 0 && errno == EAGAIN) await(output_fd, POLLOUT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) end_all(0);
    done += (size_t)count;
  }
}

static void send_line(const char *format, va_list arguments) {
  char line[LINE_MAX_BYTES];
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  size_t size = length < 0 ? 0 : (size_t)length < sizeof line - 1 ? (size_t)length : sizeof line - 2;
  for (size_t i = 0; i < size; i++) {
    if ((unsigned char)line[i] < ' ' || line[i] == 0x7f) line[i] = '?';
  }
  line[size] = '\n';
  send_bytes(line, size + 1);
}

void reply(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  send_line(format, arguments);
  va_end(arguments);
}

void reply_failure(const struct failure *failure) { reply("error %s %s", failure->code, failure->text); }

void fatal(const char *format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  reply("fatal %s", text);
  end_all(1);
}

bool send_file(int fd, uint64_t offset, uint64_t count) {
  static char buffer[64 * 1024];
  bool whole = true;
  while (count > 0) {
    size_t wanted = count < sizeof buffer ? (size_t)count : sizeof buffer;
    ssize_t got = whole ? pread(fd, buffer, wanted, (off_t)offset) : 0;
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      whole = false;
      memset(buffer, 0, wanted);
      got = (ssize_t)wanted;
    }
    send_bytes(buffer, (size_t)got);
    offset += (uint64_t)got;
    count -= (uint64_t)got;
  }
  return whole;
}

bool fail(struct failure *failure, const char *code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  failure->code = code;
  vsnprintf(failure->text, sizeof failure->text, format, arguments);
  va_end(arguments);
  return false;
}

bool fail_errno(struct failure *failure, const char *what, const char *name) {
  const char *code = errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? "space" : "io";
  return fail(failure, code, "%s %.150s: %s", what, name, strerror(errno));
}
