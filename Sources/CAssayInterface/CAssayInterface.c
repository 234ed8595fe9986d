#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "CAssaySupport.h"

// Larger options are no version of them.
enum { options_size_max = 4096 };

// Programs that were compiled before rely on these places.
_Static_assert(sizeof(assay_status) == sizeof(int), "a status is an int");
#if UINTPTR_MAX == UINT64_MAX
_Static_assert(offsetof(assay_options, flags) == 8, "the layout of options");
_Static_assert(offsetof(assay_options, redis_timeout_ms) == 12, "the layout of options");
_Static_assert(offsetof(assay_options, memory_bytes_max) == 16, "the layout of options");
_Static_assert(offsetof(assay_options, hashing_key) == 24, "the layout of options");
_Static_assert(offsetof(assay_options, redis_url) == 40, "the layout of options");
_Static_assert(offsetof(assay_options, redis_namespace) == 48, "the layout of options");
#endif
// The options of the first version; none is ever smaller.
enum { options_size_min = offsetof(assay_options, redis_namespace) + sizeof(char *) };

static atomic_uint forks;
static pthread_once_t watched = PTHREAD_ONCE_INIT;

// How long a fork waits for the calls that are under way: a decision in memory takes microseconds, one that waits for a
// server that stands still takes its whole time-out.
enum { fork_patience_nanoseconds = 500000000, nanoseconds_per_second = 1000000000 };

// Calls hold it shared, a fork alone: no lock of the engine, of Swift or of its runtime is then held in the child by a
// thread that is not there.
static pthread_rwlock_t gate;
// Two threads may fork at once.
static _Thread_local int is_held;
static int is_stranded;

static void make_gate(void) {
  pthread_rwlockattr_t attributes;
  pthread_rwlockattr_init(&attributes);
  // Else threads that call all the time would keep a fork waiting. No call is made within another.
  pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
  pthread_rwlock_init(&gate, &attributes);
  pthread_rwlockattr_destroy(&attributes);
}

static void prepare_fork(void) {
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_nsec += fork_patience_nanoseconds;
  end.tv_sec += end.tv_nsec / nanoseconds_per_second;
  end.tv_nsec %= nanoseconds_per_second;
  is_held = pthread_rwlock_timedwrlock(&gate, &end) == 0;
}

static void go_on(void) {
  if (is_held) { pthread_rwlock_unlock(&gate); }
}

static void note_fork(void) {
  atomic_fetch_add(&forks, 1);
  if (!is_held) { is_stranded = 1; }
  // Its holder is known by a thread's number, and the child's is another: made anew, not unlocked.
  make_gate();
}

static void watch(void) {
  make_gate();
  pthread_atfork(prepare_fork, go_on, note_fork);
}

void cassay_enter(void) {
  pthread_once(&watched, watch);
  pthread_rwlock_rdlock(&gate);
}

void cassay_leave(void) { pthread_rwlock_unlock(&gate); }

int cassay_is_stranded(void) { return is_stranded; }

uint32_t cassay_forks(void) {
  pthread_once(&watched, watch);
  return atomic_load_explicit(&forks, memory_order_relaxed);
}

char *cassay_text(const uint8_t *bytes, size_t length) {
  char *text = malloc(length + 1);
  if (!text) { return NULL; }
  if (length > 0) { memcpy(text, bytes, length); }
  text[length] = '\0';
  return text;
}

int cassay_read_options(const assay_options *from, assay_options *to) {
  memset(to, 0, sizeof *to);
  to->size = sizeof *to;
  if (!from) { return 0; }
  size_t size;
  memcpy(&size, from, sizeof size);
  if (size < options_size_min || size > options_size_max) { return 1; }
  const unsigned char *bytes = (const unsigned char *)from;
  for (size_t place = sizeof *to; place < size; place++) {
    if (bytes[place] != 0) { return 2; }
  }
  memcpy(to, from, size < sizeof *to ? size : sizeof *to);
  to->size = sizeof *to;
  return 0;
}

// SwiftNIO ends the process when it cannot open these.
static int check_descriptors(void) {
  enum { needed = 3 };
  int opened[needed];
  int count = 0;
  int failure = 0;
  while (count < needed && (opened[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) { count++; }
  if (count < needed) { failure = errno; }
  while (count > 0) { close(opened[--count]); }
  return failure;
}

typedef struct {
  void (*body)(void *);
  void *context;
} thread_start;

static void *run(void *argument) {
  thread_start start = *(thread_start *)argument;
  free(argument);
  start.body(start.context);
  return NULL;
}

int cassay_start_thread(void (*body)(void *), void *context, uintptr_t *thread) {
  int failure = check_descriptors();
  if (failure) { return failure; }
  thread_start *start = malloc(sizeof *start);
  if (!start) { return ENOMEM; }
  *start = (thread_start){body, context};
  // A thread begins with the mask of the one that starts it.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t started;
  failure = pthread_create(&started, NULL, run, start);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (failure) {
    free(start);
    return failure;
  }
  pthread_setname_np(started, "assay");
  *thread = (uintptr_t)started;
  return 0;
}

void cassay_join_thread(uintptr_t thread) { pthread_join((pthread_t)thread, NULL); }

// SwiftNIO sets SIGPIPE to be ignored in the whole process. Where `libassay.so` is linked, this stands in for `signal`
// within it: dispositions belong to the host, and the only thread that writes to sockets has SIGPIPE blocked.
typedef void (*signal_handler)(int);
signal_handler __wrap_signal(int number, signal_handler handler);
signal_handler __wrap_signal(int number, signal_handler handler) {
  (void)number;
  (void)handler;
  return SIG_DFL;
}

void assay_free(char *answer) { free(answer); }

uint32_t assay_abi_version(void) { return ASSAY_ABI_VERSION; }

const char *assay_version(void) { return "0.1.0"; }
