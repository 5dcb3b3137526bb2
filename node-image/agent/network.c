/*
 * The kernel remembers a TCP connection that was closed for a minute, and its addresses for an hour: a later program can read a message from
 * their numbers, or from how much went over the loopback interface. Nothing takes that back, so a sandbox whose programs have used either
 * is not used again. Counters tell it, since to read the table of connections takes the kernel many milliseconds, even when it is empty.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

/* Scans what follows the last mark in a file of /proc; without the file or the mark, the value stays. */
static void read_counters(const char *path, const char *mark, const char *format, unsigned long long *first, unsigned long long *second) {
  static char text[16 * 1024];
  size_t length = 0;
  const char *found = NULL;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  for (ssize_t count; length < sizeof text - 1 && (count = read(fd, text + length, sizeof text - 1 - length)) > 0;) length += (size_t)count;
  close(fd);
  text[length] = '\0';
  for (const char *next = text; (next = strstr(next, mark)) != NULL;) found = next += strlen(mark);
  if (found != NULL) sscanf(found, format, first, second);
}

bool network_is_unused(struct failure *failure) {
  unsigned long long bytes = 0, packets = 0, opened = 0, accepted = 0;
  read_counters("/proc/self/net/dev", " lo:", "%llu %llu", &bytes, &packets);
  if (bytes > 0 || packets > 0) return fail(failure, "io", "the loopback interface was used");
  /* Its first line has the names: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens. */
  read_counters("/proc/self/net/snmp", "\nTcp:", "%*s %*s %*s %*s %llu %llu", &opened, &accepted);
  return opened + accepted == 0 || fail(failure, "io", "connections were opened");
}
