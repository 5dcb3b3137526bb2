// Tries: to leave messages in queues for whoever comes next
// Verdict: Accepted
#include <stdio.h>
#include <sys/msg.h>
int main(void) {
  struct { long type; char text[8000]; } message = {1, {0}};
  for (int i = 0; i < 200; i++) {
    int queue = msgget(1000 + i, IPC_CREAT | 0666);
    if (queue < 0) break;
    while (msgsnd(queue, &message, sizeof message.text, IPC_NOWAIT) == 0);
  }
  puts("7");
}
