/*
 * As many engines as there may be, and one after the other.
 *
 *     many RULES
 */
#include <assay.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

/* What one engine after the other may leave behind in sum, as a heap moves a little by itself. Bytes. */
enum { growth_max = 64 << 10, warm_up = 20, rounds = 200 };

static int one_life(const char *rules) {
  const char *event = "{\"id\":\"e\",\"type\":\"payout\",\"time\":\"2026-01-05T12:00:00Z\",\"user\":\"u\"}";
  assay_engine *engine = NULL;
  char *answer = NULL;
  int failed = assay_create(rules, NULL, &engine, NULL, NULL) != ASSAY_OK;
  failed += assay_decide(engine, event, strlen(event), &answer, NULL) != ASSAY_OK;
  assay_free(answer);
  failed += assay_reload(engine, &answer, NULL) != ASSAY_OK;
  assay_free(answer);
  failed += assay_decide(engine, "{}", 2, &answer, NULL) != ASSAY_REFUSED;
  assay_free(answer);
  return failed + (assay_destroy(engine) != ASSAY_OK);
}

int main(int count, char **arguments) {
  if (count != 2) { return 3; }
  assay_engine *engines[ASSAY_ENGINES_MAX];
  assay_engine *another = NULL;
  int failed = 0;
  for (int index = 0; index < ASSAY_ENGINES_MAX; index++) {
    failed += assay_create(arguments[1], NULL, &engines[index], NULL, NULL) != ASSAY_OK;
  }
  failed += assay_create(arguments[1], NULL, &another, NULL, NULL) != ASSAY_TOO_MANY_ENGINES || another != NULL;
  failed += assay_destroy(engines[7]) != ASSAY_OK;
  failed += assay_create(arguments[1], NULL, &another, NULL, NULL) != ASSAY_OK || another == engines[7];
  engines[7] = another;
  for (int index = 0; index < ASSAY_ENGINES_MAX; index++) { failed += assay_destroy(engines[index]) != ASSAY_OK; }

  for (int round = 0; round < warm_up; round++) { failed += one_life(arguments[1]); }
  size_t before = mallinfo2().uordblks;
  for (int round = 0; round < rounds; round++) { failed += one_life(arguments[1]); }
  size_t after = mallinfo2().uordblks;
  long growth = (long)after - (long)before;
  printf("%d engines at once, %d one after the other, %ld bytes more: %d failures\n", ASSAY_ENGINES_MAX, rounds, growth, failed);
  return failed > 0 || growth > growth_max;
}
