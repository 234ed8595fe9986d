#include "CRE2.h"

#include <re2/re2.h>

#include <cstring>
#include <exception>
#include <memory>
#include <string>

// No exception may leave this file: the caller is Swift.

struct cre2_pattern {
  RE2 expression;
  cre2_pattern(const re2::StringPiece &pattern, const RE2::Options &options) : expression(pattern, options) {}
};

static void write_message(const std::string &message, char *error, size_t capacity) {
  if (capacity == 0) return;
  size_t length = message.size() < capacity - 1 ? message.size() : capacity - 1;
  std::memcpy(error, message.data(), length);
  error[length] = 0;
}

cre2_pattern *cre2_compile(const char *pattern, size_t length, int64_t memory_max, char *error,
                           size_t error_capacity, int64_t *error_offset) {
  *error_offset = -1;
  try {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(memory_max);
    options.set_never_capture(true);
    const re2::StringPiece piece(pattern, length);
    auto compiled = std::make_unique<cre2_pattern>(piece, options);
    if (compiled->expression.ok()) return compiled.release();
    write_message(compiled->expression.error(), error, error_capacity);
    const std::string &part = compiled->expression.error_arg();
    if (!part.empty()) {
      // RE2 names the offending part, not its place; the last occurrence is where it stopped reading.
      const size_t found = std::string(pattern, length).rfind(part);
      if (found != std::string::npos) *error_offset = static_cast<int64_t>(found);
    }
  } catch (const std::exception &failure) {
    write_message(failure.what(), error, error_capacity);
  }
  return nullptr;
}

int cre2_size(const cre2_pattern *pattern) { return pattern->expression.ProgramSize(); }

bool cre2_matches(const cre2_pattern *pattern, const char *text, size_t length) {
  try {
    return RE2::PartialMatch(re2::StringPiece(text, length), pattern->expression);
  } catch (const std::exception &) {
    return false;
  }
}

void cre2_free(cre2_pattern *pattern) { delete pattern; }
