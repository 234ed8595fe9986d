/*
 * Decides events in this process: reads one event a line from standard input, writes one answer a line.
 *
 *     make library
 *     cc Clients/c/decide.c -o decide -I.build/library/include -L.build/library/lib -lassay
 *     LD_LIBRARY_PATH=.build/library/lib ./decide Rules/rewards < events.ndjson
 *
 * ASSAY_REDIS_URL in the environment keeps the windows in that Redis, where other processes find them; then
 * ASSAY_HASHING_KEY is the key that sensitive values are hashed with.
 */
#define _POSIX_C_SOURCE 200809L
#include <assay.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* Decides the events of `file`. What is no event is told in its line and ends nothing. */
static int decide_lines(assay_engine *engine, FILE *file) {
  char *line = NULL;
  size_t room = 0;
  ssize_t count;
  int failed = 0;
  while ((count = getline(&line, &room, file)) > 0) {
    if (line[count - 1] == '\n') { count--; }
    if (count == 0) { continue; }
    char *answer = NULL;
    size_t length = 0;
    assay_status status = assay_decide(engine, line, (size_t)count, &answer, &length);
    if (answer) {
      fwrite(answer, 1, length, stdout);
      putchar('\n');
    }
    assay_free(answer);
    if (status != ASSAY_OK) { failed = 1; }
  }
  free(line);
  return failed;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: %s RULES < EVENTS\n", arguments[0]);
    return 3;
  }
  if (assay_abi_version() != ASSAY_ABI_VERSION) {
    fprintf(stderr, "the library is another than this program was compiled for\n");
    return 3;
  }
  assay_options options = {.size = sizeof options, .redis_url = getenv("ASSAY_REDIS_URL")};
  const char *key = getenv("ASSAY_HASHING_KEY");
  if (key) {
    options.hashing_key = key;
    options.hashing_key_length = strlen(key);
  }
  assay_engine *engine = NULL;
  char *answer = NULL;
  assay_status status = assay_create(arguments[1], &options, &engine, &answer, NULL);
  if (status != ASSAY_OK) {
    fprintf(stderr, "%s\n", answer ? answer : "no engine");
    assay_free(answer);
    return 2;
  }
  assay_free(answer);
  int failed = decide_lines(engine, stdin);
  assay_destroy(engine);
  return failed;
}
