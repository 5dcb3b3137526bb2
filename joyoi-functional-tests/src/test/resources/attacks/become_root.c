// Tries: to become root by a program of its own with the set-user-id bit
// Verdict: Accepted
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <grp.h>
#include <unistd.h>
int main(int count, char **words) {
  if (count > 1) return geteuid() == 0;
  if (system("cp /proc/self/exe mine 2>/dev/null; cp /usr/bin/id mine") < 0) return 1;
  chmod("mine", 06755);
  int got = setuid(0) == 0 || setgid(0) == 0 || seteuid(0) == 0 || setgroups(0, 0) == 0;
  got |= system("test \"$(./mine -u)\" = 0") == 0;
  puts(got ? "8" : "7");
}
