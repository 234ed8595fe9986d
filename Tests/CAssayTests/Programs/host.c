/*
 * A host that knows nothing of Swift: loads the library by its path and looks at what it leaves behind.
 *
 *     host LIBRARY RULES [REDIS-URL [REDIS-PROCESS]]
 *
 * Prints one line for each thing it looked at; the exit status is 1 when one of them is not as it was.
 */
#define _GNU_SOURCE
#include <assay.h>
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { last_signal = 64, worker_seconds_max = 20, decisions = 200 };

static __typeof__(&assay_create) create;
static __typeof__(&assay_decide) decide;
static __typeof__(&assay_reload) reload;
static __typeof__(&assay_destroy) destroy;
static __typeof__(&assay_free) give_back;
static const char *rules;
static assay_options options = {.size = sizeof options};
static int failures;

static void tell(const char *what, int is_well) {
  printf("%s: %s\n", what, is_well ? "ok" : "NOT OK");
  failures += !is_well;
}

static int entries(const char *folder) {
  DIR *listing = opendir(folder);
  int count = 0;
  while (listing && readdir(listing)) { count++; }
  if (listing) { closedir(listing); }
  return count;
}

static void look_at_signals(struct sigaction *actions) {
  for (int signal = 1; signal <= last_signal; signal++) { sigaction(signal, NULL, &actions[signal]); }
}

static int same_signals(const struct sigaction *before) {
  struct sigaction now[last_signal + 1];
  memset(now, 0, sizeof now);
  look_at_signals(now);
  for (int signal = 1; signal <= last_signal; signal++) {
    if (now[signal].sa_handler != before[signal].sa_handler || now[signal].sa_flags != before[signal].sa_flags) {
      printf("signal %d has another handler\n", signal);
      return 0;
    }
  }
  return 1;
}

static assay_status decide_one(assay_engine *engine, int number) {
  char event[200];
  int length = snprintf(
      event, sizeof event,
      "{\"id\":\"p%d\",\"type\":\"payout.requested\",\"time\":\"2026-01-05T12:00:00Z\",\"user\":{\"id\":\"u%d\"}}",
      number, number % 7);
  char *answer = NULL;
  assay_status status = decide(engine, event, (size_t)length, &answer, NULL);
  if (status != ASSAY_OK || !answer || strstr(answer, "\"degraded\":true")) {
    printf("event %d: %d %s\n", number, status, answer ? answer : "no answer");
  }
  give_back(answer);
  return status;
}

/* On a thread with little stack. */
static void *decide_some(void *engine) {
  long failed = 0;
  for (int number = 0; number < decisions; number++) { failed += decide_one(engine, number) != ASSAY_OK; }
  return (void *)failed;
}

static void *create_and_reload(void *engine) {
  long failed = create(rules, &options, engine, NULL, NULL) != ASSAY_OK;
  failed += reload(*(assay_engine **)engine, NULL, NULL) != ASSAY_OK;
  return (void *)failed;
}

static int run_with_stack(size_t bytes, void *(*body)(void *), void *argument) {
  pthread_attr_t attributes;
  pthread_t thread;
  void *failed = (void *)1;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, bytes);
  if (pthread_create(&thread, &attributes, body, argument) == 0) { pthread_join(thread, &failed); }
  pthread_attr_destroy(&attributes);
  return failed == NULL;
}

/* A server that goes away while its connection is in use must not end the host: SIGPIPE would. */
static int decisions_go_on_without(pid_t server, assay_engine *engine) {
  int seen = 0;
  for (int number = 0; number < 50; number++) {
    if (number == 5) { kill(server, SIGKILL); }
    char event[200];
    char *answer = NULL;
    int length = snprintf(
        event, sizeof event,
        "{\"id\":\"w%d\",\"type\":\"payout.requested\",\"time\":\"2026-01-05T13:00:00Z\",\"user\":{\"id\":\"u\"}}",
        number);
    if (decide(engine, event, (size_t)length, &answer, NULL) != ASSAY_OK || !answer) { return 0; }
    seen += strstr(answer, "\"degraded\":true") != NULL;
    give_back(answer);
  }
  return seen > 0;
}

/* A child has no use of its parent's engine, and can have one of its own. */
static int child_is_told(assay_engine *engine) {
  pid_t child = fork();
  if (child == 0) {
    char *answer = NULL;
    assay_engine *own = NULL;
    int is_well = decide(engine, "{}", 2, &answer, NULL) == ASSAY_FORKED && answer && strstr(answer, "\"forked\"");
    give_back(answer);
    is_well = is_well && destroy(engine) == ASSAY_FORKED;
    is_well = is_well && create(rules, NULL, &own, NULL, NULL) == ASSAY_OK;
    is_well = is_well && decide_one(own, 1) == ASSAY_OK && destroy(own) == ASSAY_OK;
    _exit(is_well ? 0 : 1);
  }
  int status = 1;
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int main(int count, char **arguments) {
  if (count < 3) { return 3; }
  rules = arguments[2];
  options.redis_url = count > 3 ? arguments[3] : NULL;
  options.redis_timeout_ms = 5000;
  options.hashing_key = "a key for the tests of hosts";
  options.hashing_key_length = 28;
  /* Whoever started this program may ignore it. */
  signal(SIGPIPE, SIG_DFL);
  struct sigaction before[last_signal + 1];
  memset(before, 0, sizeof before);
  look_at_signals(before);
  int threads = entries("/proc/self/task");

  void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    puts(dlerror());
    return 1;
  }
  create = (__typeof__(create))dlsym(library, "assay_create");
  decide = (__typeof__(decide))dlsym(library, "assay_decide");
  reload = (__typeof__(reload))dlsym(library, "assay_reload");
  destroy = (__typeof__(destroy))dlsym(library, "assay_destroy");
  give_back = (__typeof__(give_back))dlsym(library, "assay_free");
  tell("signals after loading", same_signals(before));
  tell("threads after loading", entries("/proc/self/task") == threads);
  int descriptors = entries("/proc/self/fd");

  assay_engine *engine = NULL;
  tell("create and reload with 512 KiB of stack", run_with_stack(512 << 10, create_and_reload, &engine));
  tell("decide with 256 KiB of stack", run_with_stack(256 << 10, decide_some, engine));
  tell("a child of fork", child_is_told(engine));
  if (!options.redis_url) { tell("threads while deciding", entries("/proc/self/task") == threads); }
  tell("signals while deciding", same_signals(before));
  if (count > 4) {
    tell("decisions without the server", decisions_go_on_without((pid_t)atoi(arguments[4]), engine));
    tell("signals without the server", same_signals(before));
  }
  tell("destroy", destroy(engine) == ASSAY_OK && destroy(engine) == ASSAY_NO_ENGINE);
  tell("signals after destroying", same_signals(before));
  tell("descriptors after destroying", entries("/proc/self/fd") == descriptors);
  /* The engine's own thread has been joined; workers of the system's queues end when they have been idle for a while. */
  int waited = 0;
  while (entries("/proc/self/task") != threads && waited++ < worker_seconds_max * 10) { usleep(100000); }
  tell("threads after destroying", entries("/proc/self/task") == threads);
  tell("unloading", dlclose(library) == 0);
  return failures > 0;
}
