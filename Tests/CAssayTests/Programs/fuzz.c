/*
 * Inputs for the C interface, as libFuzzer makes them. The first byte says what the rest is:
 *
 *     d    an event, decided twice
 *     e    options, with which an engine is created
 *     f    a file of rules, with which an engine is reloaded before it decides
 *     g    calls in any order, on engines that are there, were there, or never were
 *
 * With ASSAY_REPLAY it is a program of its own that runs the files of a corpus.
 */
#define _GNU_SOURCE
#include <assay.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { text_max = 200, slots = 4, calls_max = 64 };

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static char folder[] = "/tmp/assay-fuzz-XXXXXX";
static assay_engine *rewards;
static assay_engine *small;

static const char *const small_rules =
    "rules:\n  - {id: always, title: a, family: velocity, on: payout, when: payouts >= 1, score: 10}\n";
static const char *const small_event =
    "{\"id\":\"%u\",\"type\":\"payout\",\"time\":\"2026-01-05T12:00:00Z\",\"user\":\"u%u\",\"amount\":%u}";

static void require(int holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
  }
}

/* What every answer promises. */
static assay_status checked(assay_status status, char *answer, size_t length) {
  require(status >= ASSAY_OK && status <= ASSAY_SYSTEM, "a known status");
  require(answer != NULL, "an answer");
  require(strlen(answer) == length, "a NUL at the end and nowhere else");
  require(length >= 2 && answer[0] == '{' && answer[length - 1] == '}', "an object");
  require(status == ASSAY_OK || strncmp(answer, "{\"code\":\"", 9) == 0, "a problem");
  assay_free(answer);
  return status;
}

static assay_status decide(assay_engine *engine, const void *event, size_t size) {
  char *answer = NULL;
  size_t length = 0;
  assay_status status = assay_decide(engine, event, size, &answer, &length);
  return checked(status, answer, length);
}

static assay_status create(const char *rules, const assay_options *options, assay_engine **engine) {
  char *answer = NULL;
  size_t length = 0;
  assay_status status = assay_create(rules, options, engine, &answer, &length);
  require((*engine != NULL) == (status == ASSAY_OK), "an engine where the status says so");
  return checked(status, answer, length);
}

static assay_status reload(assay_engine *engine) {
  char *answer = NULL;
  size_t length = 0;
  assay_status status = assay_reload(engine, &answer, &length);
  return checked(status, answer, length);
}

static void decide_small(assay_engine *engine, unsigned number) {
  char event[text_max];
  int size = snprintf(event, sizeof event, small_event, number, number % 5, number);
  decide(engine, event, (size_t)size);
}

static void write_file(const char *name, const void *bytes, size_t size) {
  char path[text_max];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  require(file != NULL, "a file to write");
  require(fwrite(bytes, 1, size, file) == size, "bytes that are written");
  fclose(file);
}

static void fuzz_options(const uint8_t *bytes, size_t size) {
  assay_options options = {.size = sizeof options};
  char texts[3][text_max] = {"", "", ""};
  enum { fixed = 18 };
  if (size < fixed) { return; }
  memcpy(&options.size, bytes, 2);
  memcpy(&options.flags, bytes + 2, 4);
  memcpy(&options.redis_timeout_ms, bytes + 6, 4);
  memcpy(&options.memory_bytes_max, bytes + 10, 8);
  size_t place = fixed;
  for (int text = 0; text < 3; text++) {
    size_t end = 0;
    while (place < size && bytes[place] != 0 && end + 1 < text_max) { texts[text][end++] = (char)bytes[place++]; }
    place++;
  }
  if (texts[0][0]) { options.redis_url = texts[0]; }
  if (texts[1][0]) { options.redis_namespace = texts[1]; }
  options.hashing_key = texts[2][0] ? texts[2] : NULL;
  options.hashing_key_length = strlen(texts[2]);
  /* Bytes behind the options that a newer program might have. */
  struct {
    assay_options options;
    uint8_t more[8192];
  } newer = {options, {0}};
  assay_engine *engine = NULL;
  if (create(folder, &newer.options, &engine) == ASSAY_OK) {
    if (!options.redis_url) { decide_small(engine, 1); }
    require(assay_destroy(engine) == ASSAY_OK, "an engine that ends");
  }
}

static void fuzz_rules(const uint8_t *bytes, size_t size) {
  write_file("rules/rules.yaml", bytes, size);
  assay_status status = reload(small);
  require(status == ASSAY_OK || status == ASSAY_BROKEN_RULES, "rules that are good or bad");
  static unsigned number;
  decide_small(small, number++);
}

static void fuzz_calls(const uint8_t *bytes, size_t size) {
  assay_engine *engines[slots] = {NULL};
  write_file("rules/rules.yaml", small_rules, strlen(small_rules));
  for (size_t call = 0; call + 1 < size && call < calls_max; call += 2) {
    assay_engine **engine = &engines[bytes[call] % slots];
    uintptr_t bits = (uintptr_t)*engine;
    switch (bytes[call + 1] % 8) {
      case 0:
        if (!*engine) { create(folder, NULL, engine); }
        break;
      case 1: decide_small(*engine, bytes[call]); break;
      case 2: reload(*engine); break;
      case 3: assay_ruleset(*engine, NULL, NULL); break;
      case 4: assay_destroy(*engine); break;
      case 5: decide((assay_engine *)(bits ^ (uintptr_t)bytes[call + 1] << bytes[call] % 56), "{}", 2); break;
      case 6: decide(*engine, NULL, bytes[call]); break;
      default: decide(*engine, "{}", SIZE_MAX - bytes[call]); break;
    }
  }
  for (int slot = 0; slot < slots; slot++) { assay_destroy(engines[slot]); }
}

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  require(mkdtemp(folder) != NULL, "a folder");
  char path[text_max];
  snprintf(path, sizeof path, "%s/rules", folder);
  mkdir(path, 0700);
  const char *header = "ruleset: small\ndecision: {review: 40, block: 80}\n";
  const char *schema =
      "event: {id: id, type: type, time: time}\ntypes: [payout, login]\nfields:\n  user: {type: string}\n"
      "  amount: {type: int}\n  share: {type: double}\n  receiver: {type: string, sensitive: true}\n"
      "  seen_at: {type: timestamp}\n  ip: {type: ip}\n  marks: {type: list, of: {enum: [A, B]}}\n";
  const char *features =
      "features:\n  payouts: {count: payout, by: user, over: 1h}\n  paid: {sum: amount, of: payout, by: user, over: 1d}\n";
  write_file("ruleset.yaml", header, strlen(header));
  write_file("schema.yaml", schema, strlen(schema));
  write_file("features.yaml", features, strlen(features));
  write_file("rules/rules.yaml", small_rules, strlen(small_rules));
  assay_options options = {.size = sizeof options, .flags = ASSAY_RECORDED_EVENTS, .memory_bytes_max = 16 << 20};
  require(create(folder, &options, &small) == ASSAY_OK, "a small engine");
  options.flags |= ASSAY_ALL_FEATURES;
  const char *rules = getenv("ASSAY_FUZZ_RULES");
  require(create(rules ? rules : "Rules/rewards", &options, &rewards) == ASSAY_OK, "an engine");
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (size == 0) { return 0; }
  switch (bytes[0]) {
    case 'd': {
      assay_status first = decide(rewards, bytes + 1, size - 1);
      require(decide(rewards, bytes + 1, size - 1) == first, "the same status for the same event");
      break;
    }
    case 'e': fuzz_options(bytes + 1, size - 1); break;
    case 'f': fuzz_rules(bytes + 1, size - 1); break;
    case 'g': fuzz_calls(bytes + 1, size - 1); break;
    default: return -1;
  }
  return 0;
}

#ifdef ASSAY_REPLAY
int main(int count, char **arguments) {
  static uint8_t bytes[1 << 20];
  LLVMFuzzerInitialize(&count, &arguments);
  for (int index = 1; index < count; index++) {
    FILE *file = fopen(arguments[index], "r");
    require(file != NULL, arguments[index]);
    LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, sizeof bytes, file));
    fclose(file);
  }
  printf("%d inputs\n", count - 1);
  char command[text_max];
  snprintf(command, sizeof command, "rm -r '%s'", folder);
  return system(command);
}
#endif
