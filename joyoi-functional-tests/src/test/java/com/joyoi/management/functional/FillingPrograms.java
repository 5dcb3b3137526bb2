package com.joyoi.management.functional;

/** Submissions that take all they can get of a sandbox, and then print the right answer. */
final class FillingPrograms {
  static final String NESTED_FOLDERS =
      """
      import os
      try:
        for i in range(30_000):
          os.mkdir('d')
          os.chdir('d')
      except OSError:
        pass
      print(7)
      """;

  /** In a way that the limit of a file's size does not hold. */
  static final String ALLOCATED =
      """
      import ctypes, os
      file, KEEP_SIZE, bytes = os.open('big', os.O_CREAT | os.O_WRONLY), 1, ctypes.c_long(2 << 30)
      if ctypes.CDLL(None).fallocate(file, KEEP_SIZE, ctypes.c_long(0), bytes) != 0:
        print(7)
      """;

  static final String MANY_FILES =
      """
      try:
        for i in range(1_000_000):
          open(f'f{i}', 'w').close()
      except OSError:
        print(7)
      """;

  static final String ALL_FILES_EVERYWHERE =
      """
      import os
      for place in '.', '/tmp', '/var/tmp', '/dev/shm':
        try:
          for i in range(1_000_000):
            os.mknod(f'{place}/{i}')
        except OSError:
          pass
      print(7)
      """;

  static final String ALL_BYTES_EVERYWHERE =
      """
      import errno, itertools, os
      def fill(place):
        for i in itertools.count():
          file = os.open(f'{place}/{i}', os.O_CREAT | os.O_WRONLY)
          for size in 1 << 20, 1:
            try:
              while True: os.write(file, bytes(size))
            except OSError as e:
              if e.errno == errno.ENOSPC and size == 1: return
      for place in '.', '/tmp', '/var/tmp', '/dev/shm':
        fill(place)
      print(7)
      """;

  static final String ALL_BYTES_OF_ITS_FOLDER =
      ALL_BYTES_EVERYWHERE.replace("'.', '/tmp', '/var/tmp', '/dev/shm'", "'.'");

  /**
   * In C. Files take memory as long as they are there, so this leaves 50 KB of it to the actor that
   * goes on after the program.
   */
  static final String NEARLY_ALL_MEMORY =
      """
      #include <fcntl.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <unistd.h>
      static const char *const files[][2] = {
        {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
        {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"}};
      static long number(const char *name) {
        char text[32] = "";
        int file = open(name, O_RDONLY);
        if (read(file, text, sizeof text - 1) <= 0) return 0;
        close(file);
        return atol(text);
      }
      static long left(void) {
        int version = number(files[0][1]) > 0 ? 0 : 1;
        return number(files[version][0]) - number(files[version][1]);
      }
      int main(void) {
        static char block[1 << 18], name[64];
        for (int i = 0; i < 60; i++) {
          sprintf(name, "%s/%d", i % 2 ? "/tmp" : "/var/tmp", i);
          int file = open(name, O_CREAT | O_WRONLY, 0600);
          for (long size = 0, patience = 20; size < 15 << 20 && patience > 0;) {
            long rest = left(), bytes = rest > 2 << 20 ? sizeof block : rest > 50000 ? 4096 : 0;
            if (bytes == 0) patience--;
            if (write(file, block, bytes) != bytes) break;
            size += bytes;
          }
          close(file);
        }
        return write(2, "said\\n", 5) != 5 || write(1, "7\\n", 2) != 2;
      }
      """;

  /** In C. So does this, with many processes that the kernel kills one by one. */
  static final String ALL_MEMORY =
      """
      #include <string.h>
      #include <sys/shm.h>
      #include <sys/wait.h>
      #include <unistd.h>
      int main(void) {
        for (int i = 0; i < 30; i++) {
          if (fork() != 0) continue;
          for (;;) {
            void *page = shmat(shmget(IPC_PRIVATE, 4096, 0600), 0, 0);
            if (page == (void *)-1) _exit(1);
            memset(page, 1, 4096);
            shmdt(page);
          }
        }
        while (wait(0) > 0);
        return write(1, "7\\n", 2) != 2;
      }
      """;

  private FillingPrograms() {}
}
