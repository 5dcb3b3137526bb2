/*
 * The highest memory of the command. All processes together are measured by the container's counter, since the sum of their resident sets would
 * count twice what they share; it is looked at from time to time, and so may miss what comes and goes in between. wait4 has the largest resident set
 * of each process, which misses nothing, but includes mapped files.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "runner.h"

/* How long memory may be used without being seen: longer would miss short programs, shorter would take time from those that run. */
#define INTERVAL_US 10000
/* The same while it grows: at 3 GB in a second, 3 MB. */
#define GROWING_INTERVAL_US 1000
/* Growth that is worth a look: a processor's share of the counter, which the kernel hands out at once. */
#define GROWTH_BYTES (256 << 10)
/* As long as so much is free the kernel kills nobody before the next look, or the one after it. */
#define SPARE_BYTES (32ULL << 20)

static const struct keys first = {"", NULL};

struct memory memory_start(const struct files *files) {
  struct statfs system;
  struct memory memory = {
      .whole = open_counter("memory.current", first, "memory/memory.usage_in_bytes", first),
      /* Version 1's own numbers leave out groups below this one. */
      .parts = open_counter("memory.stat", (struct keys){"anon ", "shmem "}, "memory/memory.stat", (struct keys){"total_rss ", "total_shmem "}),
      .child_status = -1,
      .files = files,
      .files_in_memory = fstatfs(files->output, &system) == 0 && system.f_type == TMPFS_MAGIC,
  };
  /* Without a limit it is "max" in version 2, and more than any machine has in version 1. */
  read_counter_once(open_counter("memory.max", first, "memory/memory.limit_in_bytes", first), &memory.container_limit_bytes);
  memory.is_counted = read_counter(&memory.parts, &memory.start_bytes);
  return memory;
}

void memory_watch(struct memory *memory, pid_t child, uint64_t start_us) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/status", (int)child);
  memory->child_status = open(path, O_RDONLY | O_CLOEXEC);
  memory->next_look_us = memory->is_counted ? start_us + GROWING_INTERVAL_US : UINT64_MAX;
}

/* The command's output in memory: it is bounded by a limit of its own. */
static uint64_t output_bytes(const struct memory *memory) {
  struct stat output, errors;
  if (!memory->files_in_memory || fstat(memory->files->output, &output) != 0 || fstat(memory->files->errors, &errors) != 0) return 0;
  return (uint64_t)(output.st_blocks + errors.st_blocks) * 512;
}

static void look_at_mapped_files(struct memory *memory) {
  const struct counter status = {memory->child_status, {"RssFile:", NULL}, 0};
  uint64_t kilobytes;
  if (read_counter(&status, &kilobytes) && kilobytes * 1024 > memory->mapped_bytes) memory->mapped_bytes = kilobytes * 1024;
}

/* The whole is never less than its parts and quicker to read: where it leaves no room for a new peak, there is none. */
static void look_at_all(struct memory *memory) {
  uint64_t whole, parts;
  if (!read_counter(&memory->whole, &whole)) return;
  bool grows = whole > memory->whole_bytes + GROWTH_BYTES;
  memory->whole_bytes = whole;
  if (grows) memory->next_look_us -= INTERVAL_US - GROWING_INTERVAL_US;
  if (whole <= memory->start_bytes + memory->together_bytes || !read_counter(&memory->parts, &parts)) return;
  uint64_t not_its_own = memory->start_bytes + output_bytes(memory);
  if (parts > not_its_own + memory->together_bytes) memory->together_bytes = parts - not_its_own;
  memory->is_nearly_full = memory->container_limit_bytes > 0 && parts + SPARE_BYTES > memory->container_limit_bytes;
}

void memory_look(struct memory *memory, uint64_t now) {
  if (now < memory->next_look_us) return;
  memory->next_look_us = now + INTERVAL_US;
  look_at_mapped_files(memory);
  look_at_all(memory);
}

void memory_add(struct memory *memory, const struct rusage *usage) {
  uint64_t bytes = (uint64_t)usage->ru_maxrss * 1024;
  if (bytes > memory->largest_bytes) memory->largest_bytes = bytes;
}

static uint64_t largest_process_bytes(const struct memory *memory) {
  return memory->largest_bytes > memory->mapped_bytes ? memory->largest_bytes - memory->mapped_bytes : 0;
}

bool memory_is_of_one(const struct memory *memory) { return largest_process_bytes(memory) >= memory->together_bytes; }

uint64_t memory_peak_bytes(const struct memory *memory) {
  return memory_is_of_one(memory) ? largest_process_bytes(memory) : memory->together_bytes;
}
