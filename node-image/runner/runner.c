/*
 * Runs one untrusted command under limits: opens the files, runs the command, and reports. Exit code 0: there is a report on the command,
 * whatever it did; 1: our own failure; 2: a bad request.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "runner.h"

int main(int argc, char **argv) {
  struct request request = {.command = ""};
  struct result result = {.exit_code = -1};
  struct files files;
  char error[512];
  sigset_t signals;
  if (argc == 2 || (argc > 2 && strcmp(argv[1], "--in") != 0)) {
    fputs("usage: runner [--in FOLDER [FILE[=NAME]]...] < REQUEST; two lines:\n"
          "userMs [totalMs [virtualMemoryMb [memoryMb [outputMb [stackMb]]]]], and the command line\n",
          stderr);
    return 2;
  }
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  /* A parent may have passed on SIGCHLD as ignored, and then there would be nothing to wait for. */
  signal(SIGCHLD, SIG_DFL);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);

  int report_folder = AT_FDCWD;
  if (argc > 2 && (report_folder = enter_folder(argv[2], argv + 3, error, sizeof error)) < 0) {
    fprintf(stderr, "runner: %s\n", error);
    return 2;
  }
  int code = 0;
  int report = create_file(report_folder, REPORT_FILE, 0644, error, sizeof error);
  if (report < 0) {
    fprintf(stderr, "runner: %s\n", error);
    return 1;
  }
  if (!read_request(&request, result.error, sizeof result.error)) {
    code = 2;
  } else if (!reserve_report(report, &request)) {
    snprintf(result.error, sizeof result.error, "there is no room for " REPORT_FILE ": %s", strerror(errno));
    code = 1;
  } else if (!open_files(report_folder, &files, result.error, sizeof result.error)) {
    code = 1;
  } else {
    run_command(&request, &files, &signals, &result);
    code = result.error[0] != '\0';
  }
  if (result.error[0] != '\0') fprintf(stderr, "runner: %s\n", result.error);
  if (!write_report(report, &request, &result)) {
    fprintf(stderr, "runner: " REPORT_FILE " can't be written: %s\n", strerror(errno));
    return 1;
  }
  return code;
}
