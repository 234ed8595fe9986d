/*
 * Forks while other threads are in calls of the library, and has each child make an engine of its own.
 *
 *     forks RULES [REDIS-URL REDIS-PROCESS]
 *
 * With a Redis, which is stopped amid a call, the child has to be told that it cannot.
 */
#define _GNU_SOURCE
#include <assay.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { deciding = 3, forks = 100, child_seconds_max = 20, event_max = 200 };

static const char *rules;
static assay_engine *shared;
static atomic_int is_over;
static atomic_int entered;

static assay_status decide(assay_engine *engine, const char *id, char **answer) {
  char event[event_max];
  int length = snprintf(
      event, sizeof event, "{\"id\":\"%s\",\"type\":\"payout\",\"time\":\"2026-01-05T12:00:00Z\",\"user\":\"u\"}", id);
  return assay_decide(engine, event, (size_t)length, answer, NULL);
}

static void *decide_on(void *name) {
  char id[40];
  for (unsigned number = 0; !is_over; number++) {
    char *answer = NULL;
    snprintf(id, sizeof id, "%s-%u", (const char *)name, number);
    decide(shared, id, &answer);
    assay_free(answer);
  }
  return NULL;
}

/* Takes the locks that a child needs to make an engine. */
static void *create_on(void *unused) {
  while (!is_over) {
    assay_engine *engine = NULL;
    assay_create(rules, NULL, &engine, NULL, NULL);
    assay_reload(engine, NULL, NULL);
    assay_destroy(engine);
  }
  return unused;
}

static void *decide_once(void *unused) {
  char *answer = NULL;
  entered = 1;
  decide(shared, "slow", &answer);
  assay_free(answer);
  return unused;
}

/* What a child's own engine comes to; a child that hangs is ended by its alarm. */
static assay_status child(void) {
  pid_t id = fork();
  if (id == 0) {
    alarm(child_seconds_max);
    assay_engine *own = NULL;
    char *answer = NULL;
    assay_status status = assay_create(rules, NULL, &own, &answer, NULL);
    if (status == ASSAY_FORKED && (!answer || !strstr(answer, "another thread was in a call"))) { _exit(99); }
    assay_free(answer);
    if (status == ASSAY_OK) {
      status = decide(own, "own", &answer);
      assay_free(answer);
    }
    if (status == ASSAY_OK) { status = assay_destroy(own); }
    _exit((int)status);
  }
  int status = 0;
  if (id < 0 || waitpid(id, &status, 0) != id || !WIFEXITED(status)) { return (assay_status)98; }
  return (assay_status)WEXITSTATUS(status);
}

static long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Children get engines, however busy their parent is; on a machine that is busier still one may be told otherwise. */
static int fork_amid_calls(void) {
  static char names[deciding][8];
  pthread_t threads[deciding + 1];
  int failures = 0;
  int told = 0;
  for (int index = 0; index < deciding; index++) {
    snprintf(names[index], sizeof names[index], "t%d", index);
    pthread_create(&threads[index], NULL, decide_on, names[index]);
  }
  pthread_create(&threads[deciding], NULL, create_on, NULL);
  for (int number = 0; number < forks; number++) {
    assay_status status = child();
    if (status != ASSAY_OK) { printf("child %d: %d\n", number, (int)status); }
    failures += status != ASSAY_OK && status != ASSAY_FORKED;
    told += status == ASSAY_FORKED;
  }
  failures += told > forks / 10;
  is_over = 1;
  for (int index = 0; index <= deciding; index++) { pthread_join(threads[index], NULL); }
  return failures;
}

/* A call that waits for a server that stands still is not waited for. */
static int fork_amid_a_long_call(pid_t server) {
  pthread_t thread;
  kill(server, SIGSTOP);
  pthread_create(&thread, NULL, decide_once, NULL);
  while (!entered) { usleep(1000); }
  usleep(50000);
  long start = milliseconds();
  assay_status status = child();
  long took = milliseconds() - start;
  kill(server, SIGCONT);
  pthread_join(thread, NULL);
  printf("a child of a long call: %d after %ld ms\n", (int)status, took);
  /* When the call has ended children are like others again. */
  return (status != ASSAY_FORKED) + (took > 1500) + (child() != ASSAY_OK);
}

int main(int count, char **arguments) {
  if (count != 2 && count != 4) { return 3; }
  rules = arguments[1];
  assay_options options = {.size = sizeof options, .redis_timeout_ms = 3000};
  options.redis_url = count > 2 ? arguments[2] : NULL;
  options.hashing_key = "a key for the tests of forks";
  options.hashing_key_length = 28;
  char *answer = NULL;
  if (assay_create(rules, &options, &shared, NULL, NULL) != ASSAY_OK || decide(shared, "first", &answer) != ASSAY_OK) {
    return 1;
  }
  assay_free(answer);
  int failures = count > 2 ? fork_amid_a_long_call((pid_t)atoi(arguments[3])) : fork_amid_calls();
  failures += assay_destroy(shared) != ASSAY_OK;
  printf("%d failures\n", failures);
  return failures > 0;
}
