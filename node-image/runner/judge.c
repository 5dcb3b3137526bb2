/* Which limit a command exceeded first, and what shows it. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"

static bool is(const char *limit, const char *name) { return limit != NULL && strcmp(limit, name) == 0; }

/* Some programs (Java's are) go on after their output is full, until the runner ends them for the time that they take. */
static const char *limit_of(const struct request *request, const struct result *result) {
  if (is(result->ended_for, "memory")) return result->ended_for;
  if (result->ended_for != NULL) return result->truncated ? "output" : result->ended_for;
  if (result->oom && !result->oom_elsewhere) return "memory";
  if (request->memory_mb > 0 && result->peak_bytes > (uint64_t)request->memory_mb << 20) return "memory";
  if (result->user_us + result->system_us > (uint64_t)request->user_ms * 1000) return "userTime";
  if (result->total_us > (uint64_t)request->total_ms * 1000) return "totalTime";
  return result->truncated ? "output" : NULL;
}

static const char *evidence_of(const struct result *result, char *text, size_t size) {
  const char *cpu_source = result->cpu_is_hidden ? "by the container's counter, since processes ended that nobody waited for" : "by the processes' own counters";
  const char *memory_source = result->peak_is_of_one ? "one process by its largest resident set" : "all processes together by the container's counter";
  if (is(result->limit, "userTime")) {
    snprintf(text, size, "%" PRIu64 " ms of CPU time, %s; %s", (result->user_us + result->system_us) / 1000, cpu_source,
             result->ended_for != NULL ? "the runner ended it" : "it had ended by itself");
  } else if (is(result->limit, "totalTime")) {
    snprintf(text, size, "%" PRIu64 " ms by the clock; %s", result->total_us / 1000,
             result->ended_for != NULL ? "the runner ended it" : "it had ended by itself");
  } else if (is(result->limit, "memory") && result->oom && !result->oom_elsewhere) {
    snprintf(text, size, "the kernel killed for memory, the container being at its own limit");
  } else if (is(result->limit, "memory")) {
    snprintf(text, size, "%" PRIu64 " bytes, %s; %s", result->peak_bytes, memory_source,
             result->ended_for != NULL ? "the runner ended it, the container being nearly full" : "it was let go on");
  } else if (is(result->limit, "output")) {
    snprintf(text, size, "an output was longer than its limit");
  } else if (result->oom) {
    snprintf(text, size, "unknown: the kernel killed for memory, but the container was not at its limit");
  } else if (result->exit_code == 128 + SIGKILL) {
    snprintf(text, size, "unknown: killed, but neither by the runner nor for memory");
  } else {
    return NULL;
  }
  return text;
}

void judge(const struct request *request, struct result *result) {
  result->limit = limit_of(request, result);
  result->evidence = evidence_of(result, result->evidence_text, sizeof result->evidence_text);
}
