/*
 * Whether the kernel killed in this container for want of memory, and whose want it was. It counts a kill for the group of whoever is killed, also when
 * the whole node or a group above this one was out of memory.
 */
#include "runner.h"

/* What a charge may be short of the limit when it fails: a huge page, and what the processors hold in advance. */
#define SHORT_OF_LIMIT_BYTES (4ULL << 20)

static const struct keys first = {"", NULL};

/* Version 2 only: how often this group, or one below it, was at its limit with nothing left to reclaim. */
static bool own_events(uint64_t *value) {
  return read_counter_once(open_counter("memory.events", (struct keys){"oom ", NULL}, NULL, first), value);
}

/* Version 1 only, which has no such count: that its use never came near its limit proves that it was another's. */
static bool was_near_limit(const char *highest_file, const char *limit_file) {
  uint64_t highest, limit;
  return read_counter_once(open_counter(highest_file, first, highest_file, first), &highest) &&
         read_counter_once(open_counter(limit_file, first, limit_file, first), &limit) && highest + SHORT_OF_LIMIT_BYTES >= limit;
}

struct oom oom_start(void) {
  struct oom oom = {.kills = oom_kills()};
  oom.has_own_events = own_events(&oom.own_events);
  return oom;
}

void oom_end(const struct oom *start, struct result *result) {
  uint64_t own;
  result->oom = oom_kills() > start->kills;
  if (!result->oom) return;
  if (start->has_own_events) {
    result->oom_elsewhere = own_events(&own) && own == start->own_events;
  } else {
    result->oom_elsewhere = !was_near_limit("memory/memory.max_usage_in_bytes", "memory/memory.limit_in_bytes") &&
                            !was_near_limit("memory/memory.memsw.max_usage_in_bytes", "memory/memory.memsw.limit_in_bytes");
  }
}
