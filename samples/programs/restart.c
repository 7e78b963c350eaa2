/* restart: the main thread itself reads market data and keeps every quote (main
 * heap, brk).  The program is killed and started again in mid-timeline. */
#include "samples.h"
static int port;
static __thread struct churn ch;
static void on_msg(int fd, char *b, ssize_t n)
{
    (void)b;
    for (int i = 0; i < 4; i++) churn_step(&ch, 100, 4000);
    answer(fd, n);
}
static void *http_acc(void *a) { thread_begin("http-acc"); churn_init(&ch, 300); epoll_serve(tcp_listen(port), on_msg); return a; }
static void *indexer(void *a)
{
    thread_begin("indexer");
    churn_init(&ch, 300);
    for (;;) { ms_sleep(500); scan_file("index.dat"); for (int i = 0; i < 20; i++) churn_step(&ch, 64, 3000); }
    return a;
}
static void *reporter(void *a)
{
    thread_begin("reporter");
    int c = 0;
    for (;;) { ms_sleep(1000); write_report("report.txt", &c); }
    return a;
}
struct quote { struct quote *next; char text[]; };
int main(int c, char **v)
{
    stats_open(v[1], "quoted");
    port = atoi(v[2]);
    thread_begin("quoted");
    make_data("index.dat", 200000);
    start(http_acc); start(indexer); start(reporter);
    int fd = udp_bind(port + 1);
    char buf[2048];
    struct quote *all = NULL;
    for (;;) {
        ssize_t n = recvfrom(fd, buf, sizeof buf, 0, NULL, NULL);
        if (n <= 0) continue;
        for (int i = 0; i < 3; i++) {
            size_t sz = between(400, 2600);
            struct quote *q = malloc(sz);               /* the leak */
            memset(q->text, buf[0], sz - sizeof *q);
            q->next = all;
            all = q;
            note_leak("main-heap-brk", sz);
        }
    }
    return c;
}
