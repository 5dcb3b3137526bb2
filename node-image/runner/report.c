/* runner.json. The command may hold any bytes, JSON only UTF-8: what is not, becomes the replacement character. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"

/* As \ufffd, or a control character. */
#define ESCAPED_MAX_BYTES 6
/* Keys, numbers and the evidence, which take about 350 and 192. */
#define REST_MAX_BYTES 1024

/* The length of the valid UTF-8 sequence at text, or 0. Neither overlong forms nor surrogates nor anything above U+10FFFF is valid. */
static size_t utf8_length(const unsigned char *text, size_t available) {
  static const struct {
    unsigned char first, last, second_first, second_last;
    size_t length;
  } forms[] = {
      {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
      {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
      {0xf4, 0xf4, 0x80, 0x8f, 4},
  };
  for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
    if (text[0] < forms[form].first || text[0] > forms[form].last) continue;
    size_t length = forms[form].length;
    if (length > available) return 0;
    if (length > 1 && (text[1] < forms[form].second_first || text[1] > forms[form].second_last)) return 0;
    for (size_t index = 2; index < length; index++) {
      if ((text[index] & 0xc0) != 0x80) return 0;
    }
    return length;
  }
  return 0;
}

static void write_string(FILE *out, const char *string, size_t length) {
  const unsigned char *text = (const unsigned char *)string;
  fputc('"', out);
  for (size_t index = 0; index < length;) {
    size_t count = utf8_length(text + index, length - index);
    if (count == 0) {
      fputs("\\ufffd", out);
      count = 1;
    } else if (text[index] == '"' || text[index] == '\\') {
      fprintf(out, "\\%c", text[index]);
    } else if (text[index] < 0x20 || text[index] == 0x7f) {
      fprintf(out, "\\u%04x", text[index]);
    } else {
      fwrite(text + index, 1, count, out);
    }
    index += count;
  }
  fputc('"', out);
}

static void write_string_or_null(FILE *out, const char *string) {
  if (string == NULL || *string == '\0') {
    fputs("null", out);
  } else {
    write_string(out, string, strlen(string));
  }
}

static const char *truth(bool value) { return value ? "true" : "false"; }

bool reserve_report(int fd, const struct request *request) {
  const size_t text = request->command_length + sizeof ((struct result *)NULL)->error;
  errno = posix_fallocate(fd, 0, (off_t)(text * ESCAPED_MAX_BYTES + REST_MAX_BYTES));
  return errno == 0;
}

bool write_report(int fd, const struct request *request, const struct result *result) {
  FILE *out = fdopen(fd, "w");
  if (out == NULL) return false;
  bool timeout = result->limit != NULL && strstr(result->limit, "Time") != NULL;
  fputs("{\"Command\": ", out);
  write_string(out, request->command, request->command_length);
  fprintf(out, ", \"UserTime\": %" PRIu64 ", \"SystemTime\": %" PRIu64 ", \"TotalTime\": %" PRIu64, result->user_us / 1000,
          result->system_us / 1000, result->total_us / 1000);
  fprintf(out, ", \"PeakMemory\": %" PRIu64 ", \"ExitCode\": %d, \"IsTimeout\": %s, \"IsOOM\": %s", result->peak_bytes, result->exit_code,
          truth(timeout), truth(result->oom));
  fputs(", \"Limit\": ", out);
  write_string_or_null(out, result->limit);
  fputs(", \"Evidence\": ", out);
  write_string_or_null(out, result->evidence);
  fprintf(out, ", \"Truncated\": %s, \"Error\": ", truth(result->truncated));
  write_string(out, result->error, strlen(result->error));
  fputs("}\n", out);
  bool failed = fflush(out) != 0 || ftruncate(fd, ftello(out)) != 0;
  return fclose(out) == 0 && !failed;
}
