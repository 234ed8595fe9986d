/*
 * Assay decides events: JSON in, JSON out, in the caller's own process.
 *
 *     assay_engine *engine = NULL;
 *     char *answer = NULL;
 *     if (assay_create("Rules/rewards", NULL, &engine, NULL, NULL) == ASSAY_OK) {
 *       if (assay_decide(engine, event, strlen(event), &answer, NULL) == ASSAY_OK) { puts(answer); }
 *       assay_free(answer);
 *       assay_destroy(engine);
 *     }
 *
 * Answers. A function that tells something gives one text in `*answer`: what was asked for where it returns ASSAY_OK,
 * and otherwise a JSON object that says what is wrong:
 *
 *     {"code":"wrong-type","detail":"`user.id` is a number, not text","field":"user.id"}
 *
 * `code` is stable, `detail` is for people; `field` (of the event), `hint` (the way out) and `findings` (of broken
 * rules, as `assay check --format json` writes them) are there where there is something to say. So the last error
 * belongs to the call that failed, and neither threads nor coroutines can mix it up. The text is UTF-8 with a NUL
 * behind its end, which `*answer_length` does not count. Whoever gets it hands it to assay_free(). `*answer` is set by
 * every call, to NULL where there is no text; `answer` and `answer_length` may be NULL unless it says otherwise.
 *
 * Threads. Every function may be called from any thread at any time, on the same engine too. Decisions run beside each
 * other and beside a reload. With windows in memory no thread is ever started. A thread that decides needs 256 KiB of
 * stack, one that creates or reloads 512 KiB.
 *
 * What never happens. No input ends or hangs the process, no signal handler is installed, nothing is written to
 * standard output or standard error, no locale, environment variable or working directory is changed.
 *
 * A child of fork() has no use of its parent's engines: every call with one returns ASSAY_FORKED. Create engines after
 * the fork, which waits for calls of other threads, half a second at most. Where one takes longer than that, as one may that
 * waits for a Redis that stands still, the child cannot create engines either: assay_create() returns ASSAY_FORKED,
 * until the child executes a program.
 */
#ifndef ASSAY_H
#define ASSAY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The form of this interface. It grows only when something that a compiled program relies on changes, and then the
 * library's name changes too (libassay.so.1). Functions, status codes, flags and options at the end of assay_options
 * are added without that.
 */
#define ASSAY_ABI_VERSION 1

/* An engine: a rule set, its windows, and what they need. An opaque token, not an address: never look behind it. */
typedef struct assay_engine assay_engine;

/* What came of a call. */
typedef enum assay_status {
  ASSAY_OK = 0,
  /* The event got no decision: it is none of the rule set's, or its id was seen with other content. Nothing was counted. */
  ASSAY_REFUSED = 1,
  /* The rule set cannot be used; `findings` say where and why. */
  ASSAY_BROKEN_RULES = 2,
  /* An argument or an option cannot be used; `detail` names it. */
  ASSAY_BAD_ARGUMENT = 3,
  /* There is no such engine: NULL, destroyed already, or never created. */
  ASSAY_NO_ENGINE = 4,
  /* The engine was created before fork(), by a process that this one is a child of; or that fork() came amid a call. */
  ASSAY_FORKED = 5,
  /* There are ASSAY_ENGINES_MAX engines already. */
  ASSAY_TOO_MANY_ENGINES = 6,
  /* There is no memory for the answer. A decision was made; the same event again gets it, marked as repeated. */
  ASSAY_NO_MEMORY = 7,
  /* The system refused something that an engine needs, such as a thread. */
  ASSAY_SYSTEM = 8
} assay_status;

/* Engines at once in one process. */
#define ASSAY_ENGINES_MAX 256

/* Flags of assay_options; a bit that is none of these is an error. */
enum {
  /* Every event is evaluated and nothing is recorded, as if it said `"dry_run": true`. */
  ASSAY_DRY_RUN = 1,
  /* Decisions show every feature, not only those of the rules that fired. */
  ASSAY_ALL_FEATURES = 2,
  /* Events are recorded ones: none is refused for a date in the future. */
  ASSAY_RECORDED_EVENTS = 4
};

/*
 * Everything about an engine that is not in its rules; 0 or NULL is the default. Begin with
 *
 *     assay_options options = {.size = sizeof options};
 *
 * `size` tells the library which members the caller knows. A library that knows fewer takes the rest for an error unless
 * they are 0, one that knows more takes its defaults for them: old programs and new libraries, or the reverse, agree.
 * The engine copies what it needs: all of it may be freed after assay_create().
 */
typedef struct assay_options {
  size_t size;
  /* Bits of ASSAY_DRY_RUN and those after it. */
  uint32_t flags;
  /* How long a decision may wait for Redis, in milliseconds, at most 60,000; 0 is the URL's `timeout`, or 20. */
  uint32_t redis_timeout_ms;
  /* The bound on the memory for windows, where they are in memory; bytes. 0 is 1 GiB. */
  uint64_t memory_bytes_max;
  /*
   * The key that sensitive values are hashed with, any bytes, at least 16: the same for every process that shares
   * windows. `assay serve --hashing-key-file` leaves out the line breaks at the end of the file. Without one, an engine
   * with windows in memory makes a random one, and an engine with Redis refuses a rule set with sensitive fields.
   */
  const void *hashing_key;
  size_t hashing_key_length;
  /*
   * Keeps the windows in this Redis: redis://, rediss://, unix://, redis+cluster:// or redis+sentinel://, with options
   * such as `?durability=wait`. A password comes with the URL, from a file (`?password_file=`), or from
   * ASSAY_REDIS_PASSWORD in the environment. The engine has one thread of its own then, and connects with its first event.
   */
  const char *redis_url;
  /* The first part of all keys in Redis; NULL is the rule set's name. */
  const char *redis_namespace;
} assay_options;

/*
 * Reads and checks the rule set in the folder `rules` and makes an engine. `options` may be NULL. On ASSAY_OK
 * `*engine` is the engine and the answer is that of assay_ruleset(); otherwise `*engine` is NULL.
 */
assay_status assay_create(
    const char *rules, const assay_options *options, assay_engine **engine, char **answer, size_t *answer_length);

/*
 * Decides one event, given as JSON of `event_length` bytes, at most 1 MiB; no NUL is needed behind it. `answer` must not
 * be NULL. On ASSAY_OK the answer is the decision, the same bytes that every other way into Assay gives. The same event
 * again gets the same decision, marked `"repeated":true`: do not act on it a second time.
 *
 * With Redis the call waits for the answer, at most as long as the engine's time-out: a decision that could not see
 * its windows says `"degraded":true` and follows the rules' `unavailable`.
 */
assay_status assay_decide(
    assay_engine *engine, const char *event, size_t event_length, char **answer, size_t *answer_length);

/*
 * Reads the engine's folder again. If all is well every event from then on is decided by what was read, over the same
 * windows, and the answer is that of assay_ruleset(). Broken rules change nothing: the engine decides on by those it
 * has, and the answer tells the findings. No decision sees two rule sets.
 */
assay_status assay_reload(assay_engine *engine, char **answer, size_t *answer_length);

/*
 * Tells by which rules the engine decides now:
 *
 *     {"name":"rewards","version":"sha256:…","rules":[{"id":"payout-burst","status":"live"},…]}
 */
assay_status assay_ruleset(assay_engine *engine, char **answer, size_t *answer_length);

/*
 * Ends an engine. Waits for the calls that are under way on other threads; with Redis also until it has what no decision
 * waited for, at most five seconds, and for the end of the engine's thread. Calls that come later return
 * ASSAY_NO_ENGINE, this one too.
 */
assay_status assay_destroy(assay_engine *engine);

/* Gives back an answer. NULL is fine. */
void assay_free(char *answer);

/* The form of the interface that this library has; a program compares it with its ASSAY_ABI_VERSION. */
uint32_t assay_abi_version(void);

/* The version of Assay, such as `0.1.0`. Static: not to be freed. */
const char *assay_version(void);

#ifdef __cplusplus
}
#endif

#endif
