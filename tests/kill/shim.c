/* Loaded before the C library (LD_PRELOAD): lets allocations fail and transfers be short.
 *
 *   SHIM_FAIL=N        the N-th allocation fails
 *   SHIM_FAIL_REST=1   and all after it
 *   SHIM_SHORT=N       reads and writes of the program transfer at most N bytes at once
 *   SHIM_COUNT=FILE    how many allocations there were, and how many transfers were cut short
 *
 * Counted from the first call of sigaction on: what comes before is the loader's and the library's own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static int began;
static long count, fail, rest, most, cut;

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

int sigaction(int signal, const struct sigaction *to, struct sigaction *from) {
  static int (*next)(int, const struct sigaction *, struct sigaction *);
  if (!next) *(void **)&next = dlsym(RTLD_NEXT, "sigaction");
  if (!began) {
    fail = number("SHIM_FAIL"), rest = number("SHIM_FAIL_REST"), most = number("SHIM_SHORT");
    began = 1;
  }
  return next(signal, to, from);
}

static int fails(void) {
  if (!began || ++count < fail || fail == 0) return 0;
  if (count > fail && !rest) return 0;
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t size) { return fails() ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return fails() ? NULL : __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { return fails() ? NULL : __libc_realloc(old, size); }
void *aligned_alloc(size_t at, size_t size) { return fails() ? NULL : __libc_memalign(at, size); }
int posix_memalign(void **into, size_t at, size_t size) {
  if (fails()) return ENOMEM;
  *into = __libc_memalign(at, size);
  return *into ? 0 : ENOMEM;
}

static size_t shortened(size_t size) {
  if (most == 0 || size <= (size_t)most) return size;
  ++cut;
  return (size_t)most;
}

#define NEXT(name, ...)                                           \
  static ssize_t (*next)(int, __VA_ARGS__);                       \
  if (!next) *(void **)&next = dlsym(RTLD_NEXT, name);

ssize_t write(int to, const void *from, size_t size) {
  NEXT("write", const void *, size_t)
  return next(to, from, shortened(size));
}
ssize_t read(int from, void *to, size_t size) {
  NEXT("read", void *, size_t)
  return next(from, to, shortened(size));
}
ssize_t pread64(int from, void *to, size_t size, off64_t at) {
  NEXT("pread64", void *, size_t, off64_t)
  return next(from, to, shortened(size), at);
}
ssize_t pread(int from, void *to, size_t size, off_t at) { return pread64(from, to, size, at); }

__attribute__((destructor)) static void tell(void) {
  const char *path = getenv("SHIM_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld %ld\n", count, cut);
  fclose(file);
}
