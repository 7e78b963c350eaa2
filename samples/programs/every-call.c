/* every-call: one kind of memory call a step, with lengths that are no multiples of a page, holes, replacements and
 * moves. Single thread; two children at the end, one by fork and one by vfork. */
#include "maps.h"
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)
#define PAGE 4096

static char *map(size_t size, int prot, int flags) { return mmap(NULL, size, prot, flags, -1, 0); }

int main(int count, char **arguments)
{
    DIRECTORY = count > 1 ? arguments[1] : ".";
    snapshot();
    char *a = map(10 * PAGE, RW, ANON), *b = map(5000, RW, ANON);
    snapshot();
    munmap(a + 3 * PAGE, 2 * PAGE);
    snapshot();
    munmap(a + 2 * PAGE, 5000);
    snapshot();
    mmap(a + PAGE, 9 * PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0);
    snapshot();
    mprotect(a + 4 * PAGE, 3 * PAGE, PROT_NONE);
    snapshot();
    mprotect(a + 2 * PAGE, 6 * PAGE, RW);
    snapshot();
    char *r = map(4 << 20, PROT_NONE, ANON | MAP_NORESERVE);
    mprotect(r + (1 << 20), 1 << 20, RW);
    mmap(r + (3 << 20), 1 << 20, RW, ANON | MAP_FIXED, -1, 0);
    snapshot();
    mremap(b, 5000, 40 * PAGE, MREMAP_MAYMOVE);
    snapshot();
    char *c = map(20 * PAGE, RW, ANON);
    c = mremap(c, 20 * PAGE, 7 * PAGE, 0);
    snapshot();
    mremap(c, 7 * PAGE, 7 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, r + (2 << 20));
    snapshot();
    char *d = map(6 * PAGE, RW, ANON);
    memset(d, 1, 6 * PAGE);
    mremap(d, 6 * PAGE, 6 * PAGE, MREMAP_MAYMOVE | 4 /* MREMAP_DONTUNMAP */, NULL);
    snapshot();
    char *s = map(9 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS);
    mremap(s, 0, 9 * PAGE, MREMAP_MAYMOVE);
    snapshot();
    sbrk(300001);
    snapshot();
    sbrk(-200000);
    snapshot();
    sbrk(5);
    snapshot();
    int id = shmget(IPC_PRIVATE, 50000, IPC_CREAT | 0600);
    char *m = shmat(id, NULL, 0), *n = shmat(id, NULL, SHM_RDONLY);
    shmctl(id, IPC_RMID, NULL);
    snapshot();
    shmdt(m);
    snapshot();
    int fd = memfd_create("numbers", 0), self = open(arguments[0], O_RDONLY);
    if (ftruncate(fd, 100000)) return 1;
    char *f = mmap(NULL, 100000, RW, MAP_SHARED, fd, 0);
    mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE, self, PAGE);
    close(fd);
    close(self);
    snapshot();
    madvise(f, 100000, MADV_DONTNEED);
    madvise(a, PAGE, MADV_DONTNEED);
    munmap(f + 2 * PAGE, 3 * PAGE);
    snapshot();
    munmap(r, 4 << 20);
    shmdt(n);
    munmap(a, 10 * PAGE);
    snapshot();
    pid_t child = fork();
    if (child == 0) {
        STEP = 0;
        snapshot();
        munmap(s, 4 * PAGE);
        map(77 * PAGE, RW, ANON);
        snapshot();
        _exit(0);
    }
    waitpid(child, NULL, 0);
    map(33 * PAGE, RW, ANON);
    snapshot();
    child = vfork();
    if (child == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(1);
    }
    waitpid(child, NULL, 0);
    snapshot();
    return 0;
}
