/* Preloaded into the daemon: slow flushes and a wall clock that steps, both set at run time through a shared page. Monotonic time is left alone. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct control {
    volatile int64_t realtime_offset_ns;
    volatile int64_t fsync_delay_ns;
};

static struct control nothing;
static struct control *control = &nothing;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("ECG_FAULTS_CONTROL");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file >= 0) {
        void *page = mmap(NULL, sizeof(struct control), PROT_READ, MAP_SHARED, file, 0);
        if (page != MAP_FAILED)
            control = page;
        close(file);
    }
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int status = (int)syscall(SYS_clock_gettime, clock, time);
    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t ns = time->tv_nsec + control->realtime_offset_ns % 1000000000;
        time->tv_sec += control->realtime_offset_ns / 1000000000;
        if (ns < 0 || ns >= 1000000000) {
            time->tv_sec += ns < 0 ? -1 : 1;
            ns += ns < 0 ? 1000000000 : -1000000000;
        }
        time->tv_nsec = ns;
    }
    return status;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *result)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result)
        *result = now.tv_sec;
    return now.tv_sec;
}

static void linger(void)
{
    int64_t ns = control->fsync_delay_ns;
    if (ns > 0) {
        struct timespec pause = { ns / 1000000000, ns % 1000000000 };
        nanosleep(&pause, NULL);
    }
}

int fsync(int file)
{
    linger();
    return (int)syscall(SYS_fsync, file);
}

int fdatasync(int file)
{
    linger();
    return (int)syscall(SYS_fdatasync, file);
}
