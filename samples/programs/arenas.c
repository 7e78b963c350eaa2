/* arenas: what glibc does with threads: an arena each, growth by mprotect, trims by madvise, big blocks by mmap, growth
 * by mremap, stacks from mmap and from the cache of stacks. All threads stand still while maps is copied. */
#include "maps.h"
#include <malloc.h>
#include <pthread.h>
#include <string.h>

#define THREADS 4
#define BLOCKS 4000
static pthread_barrier_t begin, done;
static char *blocks[THREADS][BLOCKS], *big[THREADS];

static void *worker(void *argument)
{
    long me = (long)argument;
    for (int step = 0; step < 6; step++) {
        pthread_barrier_wait(&begin);
        if (step == 0) for (int i = 0; i < BLOCKS; i++) memset(blocks[me][i] = malloc(500 + 700 * me), 1, 500);
        if (step == 1) memset(big[me] = malloc(300000 + 5000 * me), 1, 300000);
        if (step == 2) for (int i = 0; i < 5; i++) big[me] = realloc(big[me], 700000 + 900000 * i);
        if (step == 3) for (int i = BLOCKS - 1; i > BLOCKS / 3; i--) free(blocks[(me + 1) % THREADS][i]);
        if (step == 4 && me == 0) malloc_trim(0);
        if (step == 5) free(big[me]);
        pthread_barrier_wait(&done);
    }
    return NULL;
}

static void *brief(void *argument) { return argument; }

int main(int count, char **arguments)
{
    DIRECTORY = count > 1 ? arguments[1] : ".";
    pthread_t threads[THREADS], one, kept[3];
    pthread_barrier_init(&begin, NULL, THREADS + 1);
    pthread_barrier_init(&done, NULL, THREADS + 1);
    snapshot();
    for (long i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, worker, (void *)i);
    for (int step = 0; step < 6; step++) {
        pthread_barrier_wait(&begin);
        pthread_barrier_wait(&done);
        usleep(20000); /* the workers are on their way to the next barrier */
        snapshot();
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    snapshot();
    for (int i = 0; i < 3; i++) {
        pthread_create(&one, NULL, brief, NULL);
        pthread_join(one, NULL);
    }
    snapshot();
    for (int i = 0; i < 3; i++) pthread_create(&kept[i], NULL, brief, NULL);
    usleep(20000);
    snapshot();
    return 0;
}
