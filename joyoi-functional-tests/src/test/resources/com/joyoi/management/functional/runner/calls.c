/* Makes system calls that no program needs, and prints each with the error that comes of it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void tell(const char *name, long result) { printf("%s %s\n", name, result < 0 ? strerrorname_np(errno) : "done"); }

#define CALL(name, ...) (errno = 0, tell(#name, syscall(SYS_##name, __VA_ARGS__)))
#define SOCKET(family, type, protocol) (errno = 0, tell("socket:" #family ":" #protocol, socket(family, type, protocol)))

int main(void) {
  char zeros[256] = {0};
  int file = open("calls.out", O_RDWR | O_CREAT, 0600);
  CALL(io_uring_setup, 8, zeros);
  CALL(userfaultfd, 1);
  CALL(bpf, 0, zeros, sizeof zeros);
  CALL(perf_event_open, zeros, 0, -1, -1, 0);
  CALL(keyctl, 0, -3, 1);
  CALL(add_key, "user", "name", "value", 5, -3);
  CALL(request_key, "user", "name", NULL, -3);
  CALL(mount, "none", "/tmp", "tmpfs", 0, NULL);
  CALL(umount2, "/tmp", 0);
  CALL(fsopen, "tmpfs", 0);
  CALL(open_tree, -100, "/", 1);
  CALL(move_mount, -1, "", -1, "", 0);
  CALL(mount_setattr, -1, "", 0, zeros, 32);
  CALL(pivot_root, "/", "/");
  CALL(chroot, "/tmp");
  CALL(unshare, CLONE_NEWUSER);
  CALL(unshare, CLONE_NEWNS);
  CALL(setns, file, 0);
  CALL(clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  CALL(clone3, zeros, 64);
  CALL(ptrace, PTRACE_TRACEME, 0, 0, 0);
  CALL(process_vm_readv, getpid(), zeros, 0, zeros, 0, 0);
  CALL(process_vm_writev, getpid(), zeros, 0, zeros, 0, 0);
  CALL(pidfd_getfd, -1, 0, 0);
  CALL(kcmp, getpid(), getpid(), 0, 0, 0);
  CALL(name_to_handle_at, -100, "/", zeros, zeros, 0);
  CALL(open_by_handle_at, -100, zeros, 0);
  CALL(fanotify_init, 0, 0);
  CALL(memfd_secret, 0);
  CALL(vmsplice, file, zeros, 0, 0);
  CALL(modify_ldt, 0, zeros, 8);
  CALL(init_module, zeros, 8, "");
  CALL(kexec_load, 0, 0, zeros, 0);
  CALL(reboot, 0, 0, 0, 0);
  CALL(syslog, 3, zeros, 8);
  CALL(acct, NULL);
  CALL(swapon, "/tmp/none", 0);
  CALL(sethostname, "x", 1);
  CALL(clock_settime, 0, zeros);
  CALL(adjtimex, zeros);
  CALL(iopl, 3);
  CALL(quotactl, 0, "", 0, zeros);
  CALL(move_pages, 0, 0, NULL, NULL, NULL, 0);
  CALL(personality, ADDR_NO_RANDOMIZE);
  CALL(fallocate, file, 1, 0, 1L << 31);
  CALL(sync, 0);
  SOCKET(AF_PACKET, SOCK_RAW, 0);
  SOCKET(AF_VSOCK, SOCK_STREAM, 0);
  SOCKET(AF_ALG, SOCK_SEQPACKET, 0);
  SOCKET(AF_KEY, SOCK_RAW, 2);
  SOCKET(AF_BLUETOOTH, SOCK_RAW, 0);
  SOCKET(AF_CAN, SOCK_RAW, 0);
  SOCKET(AF_TIPC, SOCK_STREAM, 0);
  SOCKET(AF_XDP, SOCK_RAW, 0);
  SOCKET(AF_NETLINK, SOCK_RAW, 12);
  SOCKET(AF_INET, SOCK_STREAM, 132);
  SOCKET(AF_INET, SOCK_RAW, 1);
  SOCKET(AF_UNIX, SOCK_STREAM, 0);
  SOCKET(AF_INET, SOCK_STREAM, 0);
  SOCKET(AF_INET6, SOCK_DGRAM, 17);
  SOCKET(AF_NETLINK, SOCK_RAW, 0);
  return 0;
}
