/* agent: process 1 of a sandbox, which obeys the protocol of PROTOCOL.md on its standard input and output. */
#ifndef AGENT_H
#define AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#define VERSION_LOWEST 1
#define VERSION_HIGHEST 1

/* A path of PATH_MAX and what stands before it in a line. */
#define LINE_MAX_BYTES 8192
#define PATH_MAX_BYTES 4095
#define NAME_MAX_BYTES 255
/* The kernel's bound for one argument is 128 KiB, its final NUL included. */
#define COMMAND_MAX_BYTES (128 * 1024 - 1)
#define ENV_MAX_ENTRIES 64
/* A petabyte: what is above is a mistake rather than a size, and sums of sizes can't overflow. */
#define NUMBER_MAX 1000000000000000ULL

/* Why a request was not done; the connection stays in sync. */
struct failure {
  const char *code; /* "invalid", "space" or "io": see PROTOCOL.md */
  char text[256];
};
/* Fills it in, and is false, so that it can be returned. */
bool fail(struct failure *failure, const char *code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same for a system call, with errno's text; a full disk has a code of its own. */
bool fail_errno(struct failure *failure, const char *what, const char *name);

/* wire.c: the connection. Its end, or a broken protocol, ends the agent and all else in the container, so nothing here can fail. */
void wire_open(int in, int out);
/* For how long the other side may neither send nor take anything before it counts as gone; 0 is for ever. */
void wire_patience(uint64_t ms);
/* The next line, without its end, NUL-terminated. */
void read_line(char *line, size_t size);
/* 1 to size bytes. */
size_t read_some(void *buffer, size_t size);
void read_fully(void *buffer, size_t size);
void skip(uint64_t bytes);
/* One line; control characters are replaced. */
void reply(const char *format, ...) __attribute__((format(printf, 1, 2)));
void reply_failure(const struct failure *failure);
/* Sends exactly count bytes of the file, zeros for those that can't be read; false when there were any. */
bool send_file(int fd, uint64_t offset, uint64_t count);
/* Whether input has come, or has ended, while none may come. */
bool is_input_quiet(void);
int wire_input(void);
/* Says why, and ends everything. */
_Noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* main.c, and the fuzzer's own: kill everything, empty a volume, and end; the second says whether nothing is left. */
_Noreturn void end_all(int exit_code);
_Noreturn void end_on_request(void);

/* request.c: obeys one request. */
void obey(void);
/* Whether text is a plain decimal number of at most maximum. */
bool parse_number(const char *text, uint64_t maximum, uint64_t *value);

/* path.c: names below WorkDir. No link is ever followed. */
void workdir_use(int fd);
int workdir(void);
/* Relative, not too long, without empty, "." and ".." components. */
bool is_good_path(const char *path);
enum kind { KIND_NONE, KIND_FILE, KIND_FOLDER, KIND_LINK, KIND_SOCKET, KIND_OTHER };
const char *kind_name(enum kind kind);
/* The kind of what stands there; KIND_NONE when nothing does, or it can't be seen. */
enum kind kind_at(int folder, const char *name, struct stat *status);
/*
 * Opens the folder that the last component of a good path stands in, which leaf then points to. When something else than a folder is on the
 * way: -1, its kind (or KIND_NONE), and the length of the path to it.
 */
int open_parent(const char *path, const char **leaf, enum kind *kind, size_t *length);
/* A new file of root's, in place of one that was there; -1 with a failure. */
int create_file(const char *path, struct failure *failure);
bool create_folder(const char *path, mode_t mode, struct failure *failure);
bool write_fully(int fd, const void *data, size_t size);

/* tar.c: unpacks that many bytes of the connection below WorkDir. Takes them all, whatever happens. */
bool unpack(uint64_t bytes, struct failure *failure);

/* cache.c: contents by their SHA-256, in memory that no other process can reach. */
#define HASH_HEX 64
/* Empties it, too. */
void cache_limit(uint64_t bytes);
bool cache_store(const char *hash, uint64_t bytes, struct failure *failure);
/* Copies to a new file. *found is false when the content is not there, which is no failure. */
bool cache_place(const char *hash, mode_t mode, const char *path, bool *found, struct failure *failure);

/* sha256.c */
struct sha256 {
  uint32_t state[8];
  uint64_t length;
  unsigned char block[64];
};
void sha256_start(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *data, size_t size);
void sha256_hex(struct sha256 *sha, char hex[HASH_HEX + 1]);

/* empty.c: removes all that is in a folder, however deep, with few descriptors. */
bool empty_folder(int fd, uint64_t deadline_us, struct failure *failure);
bool remove_entry(int folder, const char *name, uint64_t deadline_us, struct failure *failure);
/* Reads folder entries: the kernel's layout. */
struct entry {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};
long read_entries(int fd, void *buffer, size_t size);
bool is_dots(const char *name);

/* processes.c */
void processes_start(void);
/* From now on reap() looks out for this child's end. */
void watch(pid_t pid);
void reap(void);
/* Whether the watched child has been reaped; then with its status, as waitpid has it. */
bool has_ended(int *status);
/* Sleeps until a child ends, the input is no longer quiet, or the deadline. */
void await_event(uint64_t deadline_us);
/* How many other processes /proc shows, those not yet reaped included. */
unsigned count_others(void);
/* Kills and reaps every other process until /proc shows none. Returns how many are left at the deadline. */
unsigned kill_all(uint64_t deadline_us);

/* run.c */
#define KILL_GRACE_US 5000000
void run(uint64_t deadline_ms, char *const *environment, size_t count, char *command);

/* reset.c */
void reset_remember(void);
/* How long a reset, or the end, may take to empty all folders; 0: they stay as they are at the end. */
void empty_within(uint64_t ms);
/* False with the reason when something of the run may be left. */
bool reset(struct failure *failure);
/* Empties WorkDir when it is a volume, which may outlive the container; false when something may be left on any disk. */
bool empty_disk(struct failure *failure);
/* ipc.c */
bool remove_ipc(struct failure *failure);
/* network.c: false when a program has used the loopback interface, or TCP. */
bool network_is_unused(struct failure *failure);
/* self.c: what a root actor can change of process 1 itself. */
void self_remember(void);
bool self_restore(struct failure *failure);

/* ../runner/system.c, ../runner/cgroup.c */
uint64_t now_us(void);
uint64_t oom_kills(void);

#endif
