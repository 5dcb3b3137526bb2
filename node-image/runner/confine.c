/*
 * Keeps the program from writing to /proc, by Landlock: there it could make itself the kernel's last choice when memory runs out, so that the
 * runner or the actor would be killed instead. Landlock only knows what is allowed, so that is every folder of the root but this one.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "runner.h"

/* Linux 5.19. Before, every ruleset forbids to move a file into another folder. */
#define ABI_THAT_ALLOWS_MOVES 2

static void allow(int rules, const char *path, uint64_t access) {
  struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = open(path, O_PATH | O_CLOEXEC)};
  if (rule.parent_fd < 0) return;
  /* Access that only folders have is an error for a file; the root holds none that the program could write to. */
  syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(rule.parent_fd);
}

int confine_prepare(void) {
  const struct landlock_ruleset_attr handled = {LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REFER};
  if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < ABI_THAT_ALLOWS_MOVES) return -1;
  int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
  DIR *root = rules < 0 ? NULL : opendir("/");
  if (root == NULL) return -1;
  for (struct dirent *entry = readdir(root); entry != NULL; entry = readdir(root)) {
    char path[sizeof entry->d_name + 1] = "/";
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || strcmp(entry->d_name, "proc") == 0) continue;
    memcpy(path + 1, entry->d_name, strlen(entry->d_name) + 1);
    allow(rules, path, LANDLOCK_ACCESS_FS_WRITE_FILE);
  }
  closedir(root);
  allow(rules, "/", LANDLOCK_ACCESS_FS_REFER);
  return rules;
}

bool confine(int rules) { return rules < 0 || syscall(SYS_landlock_restrict_self, rules, 0) == 0; }
