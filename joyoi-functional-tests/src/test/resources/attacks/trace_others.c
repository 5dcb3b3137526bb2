// Tries: to read and write the memory of every other process
// Verdict: Accepted
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void) {
  int hits = 0;
  char byte;
  struct iovec local = {&byte, 1}, remote = {(void *)0x400000, 1};
  for (int pid = 1; pid < 5000; pid++) {
    if (pid == getpid()) continue;
    if (ptrace(PTRACE_ATTACH, pid, 0, 0) == 0) hits++;
    if (process_vm_readv(pid, &local, 1, &remote, 1, 0) >= 0) hits++;
    if (process_vm_writev(pid, &local, 1, &remote, 1, 0) >= 0) hits++;
  }
  puts(hits ? "8" : "7");
}
