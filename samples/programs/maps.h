/* maps.h - a program's own view of its address space, step by step.
 *
 * After every step the program copies /proc/self/maps to <dir>/maps_<pid>_<step>, with nothing but open, read, write
 * and close, so that the copy itself changes no mapping. A replay of the program's calls must give the same ranges.
 */
#ifndef MAPS_H
#define MAPS_H
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *DIRECTORY;
static int STEP;
static char BUFFER[1 << 16];

static void snapshot(void)
{
    char path[512];
    snprintf(path, sizeof path, "%s/maps_%d_%03d", DIRECTORY, (int)getpid(), STEP++);
    int in = open("/proc/self/maps", O_RDONLY), out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (in < 0 || out < 0) _exit(1);
    for (ssize_t n; (n = read(in, BUFFER, sizeof BUFFER)) > 0;)
        if (write(out, BUFFER, n) != n) _exit(1);
    close(in);
    close(out);
}
#endif
