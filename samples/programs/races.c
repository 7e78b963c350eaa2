/* races: threads that take and give back mappings as fast as they can, so that freed addresses are given out again at
 * once and the logs' entry order is impossible in many places. Everybody stands still while maps is copied. */
#include "maps.h"
#include <pthread.h>
#include <sys/mman.h>

#define THREADS 6
#define ROUNDS 4
#define CALLS 120
static pthread_barrier_t begin, done;

static void *worker(void *argument)
{
    unsigned seed = 1 + (unsigned)(long)argument;
    struct { char *at; size_t size; } held[16] = { { 0 } };
    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&begin);
        for (int i = 0; i < CALLS; i++) {
            int k = rand_r(&seed) % 16;
            size_t size = (1 + rand_r(&seed) % 8) * 4096u;
            if (held[k].at == NULL) {
                held[k].at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                held[k].size = size;
            } else if (rand_r(&seed) % 4 == 0) {
                char *moved = mremap(held[k].at, held[k].size, size, MREMAP_MAYMOVE);
                if (moved != MAP_FAILED) { held[k].at = moved; held[k].size = size; }
            } else if (rand_r(&seed) % 3 == 0)
                mprotect(held[k].at, 4096, rand_r(&seed) % 2 ? PROT_READ : PROT_READ | PROT_WRITE);
            else {
                munmap(held[k].at, held[k].size);
                held[k].at = NULL;
            }
        }
        pthread_barrier_wait(&done);
    }
    return NULL;
}

int main(int count, char **arguments)
{
    DIRECTORY = count > 1 ? arguments[1] : ".";
    pthread_t threads[THREADS];
    pthread_barrier_init(&begin, NULL, THREADS + 1);
    pthread_barrier_init(&done, NULL, THREADS + 1);
    for (long i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, worker, (void *)i);
    usleep(20000);
    snapshot();
    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&begin);
        pthread_barrier_wait(&done);
        usleep(20000);
        snapshot();
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    snapshot();
    return 0;
}
