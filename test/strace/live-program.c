/*
 * Does memory calls in several threads and writes down what it did: one line a call, `TID CALL ADDRESS LENGTH RESULT`,
 * in hexadecimal, to the file named by its first argument. With `exec` as second argument a thread then replaces the
 * program by itself.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 3
#define ROUNDS 6

struct note {
  const char *call;
  unsigned long address, length, result;
};
struct book {
  int tid, count;
  struct note notes[64];
};
static struct book books[THREADS + 1];

static void note(struct book *book, const char *call, void *address, unsigned long length, void *result) {
  struct note *next = &book->notes[book->count++];
  next->call = call;
  next->address = (unsigned long)address;
  next->length = length;
  next->result = (unsigned long)result;
}

static void *work(void *argument) {
  struct book *book = argument;
  char name[16];
  book->tid = syscall(SYS_gettid);
  snprintf(name, sizeof name, "w%d) = 0x1 <\"", (int)(book - books));
  prctl(PR_SET_NAME, name);
  for (int round = 0; round < ROUNDS; round++) {
    unsigned long length = 4096 * (100 + round);
    void *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    note(book, "mmap", NULL, length, at);
    note(book, "mprotect", at, length, (void *)(long)mprotect(at, length, PROT_READ));
    note(book, "madvise", at, length, (void *)(long)madvise(at, length, MADV_DONTNEED));
    void *moved = mremap(at, length, length + 4096, MREMAP_MAYMOVE);
    note(book, "mremap", at, length, moved);
    int unmapped = munmap(moved, length + 4096);
    note(book, "munmap", moved, length + 4096, (void *)(long)unmapped);
    usleep(1000);
  }
  return NULL;
}

static void *replace(void *argument) {
  execl("/proc/self/exe", "live", (char *)argument, "done", (char *)0);
  return NULL;
}

int main(int count, char **arguments) {
  pthread_t threads[THREADS];
  if (count > 2 && strcmp(arguments[2], "done") == 0) return 0;
  books[0].tid = getpid();
  int file = open(arguments[0], O_RDONLY);
  void *mapped = mmap(NULL, 8193, PROT_READ, MAP_PRIVATE, file, 4096);
  note(&books[0], "mmap", NULL, 8193, mapped);
  for (int at = 0; at < THREADS; at++) pthread_create(&threads[at], NULL, work, &books[at + 1]);
  for (int at = 0; at < THREADS; at++) pthread_join(threads[at], NULL);
  if (fork() == 0) _exit(3);
  wait(NULL);
  FILE *out = fopen(arguments[1], "w");
  for (int at = 0; at <= THREADS; at++)
    for (int entry = 0; entry < books[at].count; entry++) {
      struct note *said = &books[at].notes[entry];
      fprintf(out, "%d %s %lx %lx %lx\n", books[at].tid, said->call, said->address, said->length, said->result);
    }
  fclose(out);
  if (count > 2) {
    pthread_create(&threads[0], NULL, replace, arguments[1]);
    pause();
  }
  return 0;
}
