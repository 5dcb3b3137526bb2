package com.joyoi.management.confinement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which system calls a container may make, in the engine's format of a seccomp profile. Stands on
 * what Docker allows without one, less what no program of ours needs and where faults of the kernel
 * have been found again and again. What is not named is refused with EPERM, and what is newer than
 * all of it with ENOSYS, by the runtime.
 *
 * <p>It names no architecture, so it holds for the node's own, of 64 bits, and any other kind of
 * call, such as those of 32-bit programs, ends the process.
 */
public final class SyscallFilter {
  private static final String ALLOW = "SCMP_ACT_ALLOW";
  private static final String REFUSE = "SCMP_ACT_ERRNO";

  private static final int EOPNOTSUPP = 95;
  private static final int ENOSYS = 38;

  /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
  private static final long NEW_NAMESPACES = 0x7E02_0000L;

  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int AF_NETLINK = 16;

  /** ICMP, TCP, UDP, ICMPv6, and whatever fits the type: others load a module of the kernel. */
  private static final List<Integer> IP_PROTOCOLS = List.of(0, 1, 6, 17, 58);

  /** Each line is one matter. */
  private static final String ALLOWED =
      """
      read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range
      open openat openat2 creat dup dup2 dup3 fcntl flock ioctl pipe pipe2 splice tee sendfile copy_file_range
      stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat getcwd
      mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat mknod mknodat
      chdir fchdir umask chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
      utime utimes utimensat futimesat truncate ftruncate getdents getdents64
      fsync fdatasync sync_file_range fadvise64 readahead
      getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
      setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
      inotify_init inotify_init1 inotify_add_watch inotify_rm_watch
      poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2
      eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime
      io_setup io_submit io_getevents io_pgetevents io_cancel io_destroy
      brk mmap munmap mprotect mremap msync madvise mincore mlock mlock2 mlockall munlock munlockall
      memfd_create membarrier pkey_alloc pkey_free pkey_mprotect mseal map_shadow_stack remap_file_pages
      execve execveat exit exit_group fork vfork wait4 waitid
      getpid getppid gettid getpgid setpgid getpgrp getsid setsid set_tid_address
      getuid geteuid getgid getegid getresuid getresgid getgroups
      setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capget capset
      kill tkill tgkill pidfd_open pidfd_send_signal process_mrelease pause alarm restart_syscall
      rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack
      rt_sigqueueinfo rt_tgsigqueueinfo
      futex futex_waitv futex_wake futex_wait futex_requeue set_robust_list get_robust_list rseq arch_prctl
      set_thread_area get_thread_area
      nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times getitimer setitimer
      timer_create timer_settime timer_gettime timer_getoverrun timer_delete
      sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_setparam sched_getscheduler
      sched_setscheduler sched_getattr sched_setattr sched_get_priority_max sched_get_priority_min
      sched_rr_get_interval getpriority setpriority ioprio_get ioprio_set getcpu
      getrlimit setrlimit prlimit64 getrusage sysinfo uname getrandom prctl
      seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self
      bind listen accept accept4 connect shutdown getsockname getpeername getsockopt setsockopt
      sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg
      shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl
      mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
      riscv_flush_icache riscv_hwprobe cacheflush
      """;

  private static final String JSON = json();

  private SyscallFilter() {}

  /** The whole, as the engine takes it behind {@code seccomp=}. */
  public static String profile() {
    return JSON;
  }

  private static String json() {
    var rules = new ArrayList<Map<String, Object>>();
    rules.add(allow(List.of(ALLOWED.split("\\s+"))));
    // Threads and processes, in the namespaces that there are; clone3 hides its flags in memory,
    // and
    // whoever is told that the kernel has none takes clone.
    rules.add(allow(List.of("clone"), argument(0, "SCMP_CMP_MASKED_EQ", NEW_NAMESPACES, 0)));
    rules.add(refuse(ENOSYS, "clone3"));
    // As it is, or asked for.
    rules.add(allow(List.of("personality"), equal(0, 0)));
    rules.add(allow(List.of("personality"), equal(0, 0xFFFF_FFFFL)));
    for (var family : List.of(AF_INET, AF_INET6)) {
      for (var protocol : IP_PROTOCOLS) {
        rules.add(allow(List.of("socket"), equal(0, family), equal(2, protocol)));
      }
    }
    rules.add(allow(List.of("socket"), equal(0, AF_UNIX)));
    // Protocol 0 is routing: how a program asks which addresses it has.
    rules.add(allow(List.of("socket"), equal(0, AF_NETLINK), equal(2, 0)));
    rules.add(allow(List.of("socketpair"), equal(0, AF_UNIX)));
    // It takes room on the node's disk in no time, past the limit of a file's size; the C library
    // writes zeros where it can't have it.
    rules.add(refuse(EOPNOTSUPP, "fallocate"));
    // Both have the node write all that it holds back, for everybody; said to be done.
    rules.add(refuse(0, "sync", "syncfs"));
    return write(Map.of("defaultAction", REFUSE, "defaultErrnoRet", 1, "syscalls", rules));
  }

  @SafeVarargs
  private static Map<String, Object> allow(List<String> names, Map<String, Object>... arguments) {
    return Map.of("names", names, "action", ALLOW, "args", List.of(arguments));
  }

  private static Map<String, Object> refuse(int error, String... names) {
    return Map.of("names", List.of(names), "action", REFUSE, "errnoRet", error);
  }

  private static Map<String, Object> equal(int index, long value) {
    return argument(index, "SCMP_CMP_EQ", value, 0);
  }

  private static Map<String, Object> argument(int index, String operator, long value, long second) {
    return Map.of("index", index, "op", operator, "value", value, "valueTwo", second);
  }

  private static String write(Map<String, Object> profile) {
    try {
      return new ObjectMapper()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .writeValueAsString(profile);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
