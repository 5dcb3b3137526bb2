// Tries: to leave messages in POSIX queues for whoever comes next
// Verdict: Accepted
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
int main(void) {
  char name[32], text[8192] = {0};
  for (int i = 0; i < 300; i++) {
    sprintf(name, "/queue%d", i);
    mqd_t queue = mq_open(name, O_CREAT | O_RDWR | O_NONBLOCK, 0666, NULL);
    if (queue == (mqd_t)-1) break;
    while (mq_send(queue, text, sizeof text, 0) == 0);
  }
  puts("7");
}
