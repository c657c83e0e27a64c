/* Loaded before a program's own libraries, adds a number of nanoseconds, which a file holds, to the time of the day.

   A pause of the program ends when it would by that time. What counts seconds otherwise, such as a time limit of a
   connection, keeps the seconds that really pass. CLOCK is the path of the file. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
#define SLICE 50000000LL /* how long a pause may go on after the clock was set past its end */

static const volatile int64_t *file;

__attribute__((constructor)) static void map_file(void) {
    int opened = open(CLOCK, O_RDONLY | O_CLOEXEC);
    void *mapped = opened < 0 ? MAP_FAILED : mmap(0, sizeof(int64_t), PROT_READ, MAP_SHARED, opened, 0);
    if (opened >= 0) close(opened);
    if (mapped != MAP_FAILED) file = mapped;
}

static int64_t ahead(void) { return file ? *file : 0; }

static int64_t count(const struct timespec *one) { return one->tv_sec * SECOND + one->tv_nsec; }

static struct timespec span(int64_t of) { return (struct timespec){of / SECOND, of % SECOND}; }

static int64_t real(clockid_t clock) {
    struct timespec now;
    syscall(SYS_clock_gettime, clock, &now);
    return count(&now);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (syscall(SYS_clock_gettime, clock, now)) return -1;
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) *now = span(count(now) + ahead());
    return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    int64_t moment = real(CLOCK_REALTIME) + ahead();
    *now = (struct timeval){moment / SECOND, moment % SECOND / 1000};
    return 0;
}

time_t time(time_t *told) {
    time_t moment = (real(CLOCK_REALTIME) + ahead()) / SECOND;
    if (told) *told = moment;
    return moment;
}

/* When an open file was changed, by the same time: gunicorn takes a process for dead whose file is old. */
int fstat64(int opened, struct stat64 *told) {
    if (syscall(SYS_fstat, opened, told)) return -1;
    told->st_ctim = span(count(&told->st_ctim) + ahead());
    return 0;
}

/* Pauses until a moment of the monotonic clock, or until the time of the day has been set that much further. */
static int pause_until(int64_t end) {
    int64_t before = ahead(), left;
    while ((left = end - real(CLOCK_MONOTONIC) - (ahead() - before)) > 0) {
        struct timespec slice = span(left < SLICE ? left : SLICE);
        if (syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &slice, 0)) return errno;
    }
    return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *asked, struct timespec *left) {
    if (clock != CLOCK_MONOTONIC) return syscall(SYS_clock_nanosleep, clock, flags, asked, left) ? errno : 0;
    int64_t end = count(asked) + (flags & TIMER_ABSTIME ? 0 : real(CLOCK_MONOTONIC));
    int failed = pause_until(end);
    if (failed && left && !(flags & TIMER_ABSTIME)) *left = span(end - real(CLOCK_MONOTONIC));
    return failed;
}

/* Without a file to wait for it is a pause. */
int select(int files, fd_set *restrict in, fd_set *restrict out, fd_set *restrict other, struct timeval *restrict most) {
    if (files || !most) {
        static int (*original)(int, fd_set *, fd_set *, fd_set *, struct timeval *);
        if (!original) original = dlsym(RTLD_NEXT, "select");
        return original(files, in, out, other, most);
    }
    errno = pause_until(real(CLOCK_MONOTONIC) + most->tv_sec * SECOND + most->tv_usec * 1000);
    return errno ? -1 : 0;
}

/* Locks are waited for until a time of the day, which the system knows as another. */
int sem_timedwait(sem_t *restrict lock, const struct timespec *restrict until) {
    static int (*original)(sem_t *, const struct timespec *);
    if (!original) original = dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec known = span(count(until) - ahead());
    return original(lock, &known);
}
