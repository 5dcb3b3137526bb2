// Tries: to use four processors at once
// Verdict: TimeExceeded
#include <pthread.h>
static void *spin(void *unused) { for (;;); return unused; }
int main(void) {
  pthread_t thread;
  for (int i = 0; i < 4; i++) pthread_create(&thread, 0, spin, 0);
  pthread_join(thread, 0);
}
