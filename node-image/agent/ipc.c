/*
 * SysV shared memory, semaphores and queues, which outlive their processes. Without CAP_SYS_ADMIN only an object's owner may remove it, so
 * this becomes the owner for the moment: as effective user alone, and when no other process is left that could use it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#include "agent.h"

/* The kernel allows 32,000 of each; each round removes at least one, and some 30 fit into the buffer. */
#define ROUNDS_MAX 2000

static int remove_shm(int id) { return shmctl(id, IPC_RMID, NULL); }
static int remove_msg(int id) { return msgctl(id, IPC_RMID, NULL); }
static int remove_sem(int id) { return semctl(id, 0, IPC_RMID); }

struct table {
  const char *path;
  int uid_column; /* the columns before it are key, id, … */
  int (*remove)(int id);
};

/* The lines of a table after its heading, NULL when there are none. */
static char *read_lines(const char *path, char *text, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NULL;
  size_t length = 0;
  for (ssize_t count; length < size - 1 && (count = read(fd, text + length, size - 1 - length)) > 0;) length += (size_t)count;
  close(fd);
  text[length] = '\0';
  char *lines = strchr(text, '\n');
  return lines == NULL || lines[1] == '\0' ? NULL : lines + 1;
}

static bool remove_as_owner(const struct table *table, int id, uid_t uid) {
  if (table->remove(id) == 0) return true;
  if (setresuid((uid_t)-1, uid, (uid_t)-1) != 0) return false;
  bool done = table->remove(id) == 0;
  if (setresuid((uid_t)-1, 0, (uid_t)-1) != 0) fatal("root can't be root again: %s", strerror(errno));
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  return done;
}

static bool remove_all(const struct table *table) {
  char text[4096], *save;
  if (access(table->path, F_OK) != 0) return true; /* a kernel without them */
  for (int round = 0; round < ROUNDS_MAX; round++) {
    char *lines = read_lines(table->path, text, sizeof text);
    if (lines == NULL) return true;
    bool removed = false;
    for (char *line = strtok_r(lines, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
      long values[10] = {0};
      int count = 0;
      for (char *end; count <= table->uid_column; count++, line = end) {
        values[count] = strtol(line, &end, 10);
        if (end == line) break;
      }
      /* The last line of a full buffer may be cut; the next round sees it whole. */
      if (count > table->uid_column) removed |= remove_as_owner(table, (int)values[1], (uid_t)values[table->uid_column]);
    }
    if (!removed) return false;
  }
  return false;
}

bool remove_ipc(struct failure *failure) {
  static const struct table tables[] = {
      {"/proc/sysvipc/shm", 7, remove_shm}, {"/proc/sysvipc/msg", 7, remove_msg}, {"/proc/sysvipc/sem", 4, remove_sem}};
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
    if (!remove_all(&tables[i])) return fail(failure, "io", "%s still has an object", tables[i].path);
  }
  return true;
}
