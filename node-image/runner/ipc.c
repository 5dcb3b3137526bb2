/*
 * What the program's processes leave in memory when they are dead: SysV segments, queues and semaphores, and POSIX shared memory and queues. Without
 * an end they would fill the container for whoever goes on in it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner.h"

/* Linux 4.17; the C library has them only later. Unlike *_STAT they need no right to read. */
#define SHM_STAT_ANY_NUMBER 15
#define MSG_STAT_ANY_NUMBER 13
#define SEM_STAT_ANY_NUMBER 20

/* Semaphores' calls take it as their caller's own type. */
union semaphore_argument {
  struct semid_ds *status;
  struct seminfo *info;
};

/* Each kernel table is walked by its indices, which stay where they are while entries go. Others' objects can't be removed by this user. */
static void remove_segments(void) {
  struct shm_info info;
  struct shmid_ds status;
  int last = shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&info);
  for (int index = 0; index <= last; index++) {
    int id = shmctl(index, SHM_STAT_ANY_NUMBER, &status);
    if (id >= 0) shmctl(id, IPC_RMID, NULL);
  }
}

static void remove_queues(void) {
  struct msginfo info;
  struct msqid_ds status;
  int last = msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&info);
  for (int index = 0; index <= last; index++) {
    int id = msgctl(index, MSG_STAT_ANY_NUMBER, &status);
    if (id >= 0) msgctl(id, IPC_RMID, NULL);
  }
}

static void remove_semaphores(void) {
  struct seminfo info;
  struct semid_ds status;
  int last = semctl(0, 0, SEM_INFO, (union semaphore_argument){.info = &info});
  for (int index = 0; index <= last; index++) {
    int id = semctl(index, 0, SEM_STAT_ANY_NUMBER, (union semaphore_argument){.status = &status});
    if (id >= 0) semctl(id, 0, IPC_RMID);
  }
}

/* POSIX objects are files directly in these folders. */
static void remove_files(const char *path) {
  struct stat status;
  DIR *folder = opendir(path);
  if (folder == NULL) return;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) continue;
    if (status.st_uid == RUNNER_UID) unlinkat(dirfd(folder), entry->d_name, 0);
  }
  closedir(folder);
}

static void remove_sysv(void) {
  remove_segments();
  remove_queues();
  remove_semaphores();
}

void remove_ipc(void) {
  /* Only an object's owner or maker may remove it, whatever else root may do. */
  as_user(remove_sysv);
  remove_files("/dev/shm");
  remove_files("/dev/mqueue");
}
