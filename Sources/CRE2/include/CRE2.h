#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled pattern; free it with `cre2_free`.
typedef struct cre2_pattern cre2_pattern;

/// Compiles `pattern` (UTF-8, `length` bytes) so that the pattern and its automata stay within `memory_max` bytes.
///
/// Returns NULL when it is refused: then `error` holds a message that ends with a zero byte, cut to
/// `error_capacity`, and `*error_offset` the byte of the pattern it is about, or -1.
cre2_pattern *cre2_compile(const char *pattern, size_t length, int64_t memory_max, char *error,
                           size_t error_capacity, int64_t *error_offset);

/// The instructions of the compiled automaton.
int cre2_size(const cre2_pattern *pattern);

/// Whether the pattern matches anywhere in `text`. May be called from several threads at once.
bool cre2_matches(const cre2_pattern *pattern, const char *text, size_t length);

void cre2_free(cre2_pattern *pattern);

#ifdef __cplusplus
}
#endif
