/*
 * CPU time of the command. wait4 has that of each process to the microsecond, once it has ended and been waited for; that of children whose
 * parent ignores SIGCHLD is lost with them. The container's counter has all, at any moment, and that of the runner, which is known.
 */
#include <sys/resource.h>

#include "runner.h"

/* What the container's counter may be ahead of the processes' own without anybody having hidden CPU time: what ran in the container when the
 * command was started ends a little later. */
#define TOLERANCE_US 3000

static uint64_t micros(struct timeval time) { return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec; }

static uint64_t own_us(void) {
  struct rusage own;
  getrusage(RUSAGE_SELF, &own);
  return micros(own.ru_utime) + micros(own.ru_stime);
}

/* Version 1 counts nanoseconds. */
static bool container_us(const struct cpu *cpu, uint64_t *value) {
  if (!read_counter(&cpu->container, value)) return false;
  if (cpu->container.version == 1) *value /= 1000;
  return true;
}

struct cpu cpu_start(void) {
  const struct keys unified = {"usage_usec ", NULL}, first = {"", NULL};
  struct cpu cpu = {.container = open_counter("cpu.stat", unified, "cpuacct/cpuacct.usage", first)};
  if (cpu.container.fd < 0) cpu.container = open_counter("cpu.stat", unified, "cpu,cpuacct/cpuacct.usage", first);
  cpu.own_start_us = own_us();
  cpu.is_counted = container_us(&cpu, &cpu.container_start_us);
  return cpu;
}

void cpu_add(struct cpu *cpu, const struct rusage *usage) {
  cpu->user_us += micros(usage->ru_utime);
  cpu->system_us += micros(usage->ru_stime);
}

/* What the container used but for this process; 0 when it can't be read. */
static uint64_t others_us(const struct cpu *cpu) {
  uint64_t now;
  if (!cpu->is_counted || !container_us(cpu, &now)) return 0;
  uint64_t used = now - cpu->container_start_us, own = own_us() - cpu->own_start_us;
  return used > own ? used - own : 0;
}

uint64_t cpu_used_us(const struct cpu *cpu) {
  uint64_t seen = cpu->user_us + cpu->system_us, all = others_us(cpu);
  /* /proc counts in ticks, so it is asked only where there is nothing better. */
  if (!cpu->is_counted) return seen + living_cpu_us();
  return all > seen + TOLERANCE_US ? all - TOLERANCE_US : seen;
}

void cpu_end(struct cpu *cpu) {
  uint64_t seen = cpu->user_us + cpu->system_us, all = others_us(cpu);
  if (all <= seen + TOLERANCE_US) return;
  cpu->has_hidden = true;
  cpu->user_us += all - seen;
}
