#include "Numbers.hpp"

#include <locale.h>
#include <stdlib.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <string>

namespace assay {
namespace {

bool is_digit(const uint8_t *at, const uint8_t *end) { return at < end && *at >= '0' && *at <= '9'; }

const uint8_t *past_digits(const uint8_t *at, const uint8_t *end) {
  while (is_digit(at, end)) at++;
  return at;
}

/// Past a number of JSON's grammar, or null. `integer` tells whether it has neither fraction nor exponent.
const uint8_t *past_number(const uint8_t *at, const uint8_t *end, bool &integer) {
  integer = true;
  if (at < end && *at == '-') at++;
  if (!is_digit(at, end)) return nullptr;
  at = *at == '0' ? at + 1 : past_digits(at, end);
  if (at < end && *at == '.') {
    integer = false;
    if (!is_digit(++at, end)) return nullptr;
    at = past_digits(at, end);
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    integer = false;
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    if (!is_digit(at, end)) return nullptr;
    at = past_digits(at, end);
  }
  return at;
}

bool is_beyond(const uint8_t *start, const uint8_t *end, bool integer) {
  const char *first = reinterpret_cast<const char *>(start);
  const char *last = reinterpret_cast<const char *>(end);
  if (!integer) {
    static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
    const std::string text(first, last);
    return std::isinf(strtod_l(text.c_str(), nullptr, locale));
  }
  int64_t narrow;
  if (std::from_chars(first, last, narrow).ec == std::errc()) return false;
  uint64_t wide;
  return *first == '-' || std::from_chars(first, last, wide).ec != std::errc();
}

const uint8_t *past_string(const uint8_t *at, const uint8_t *end) {
  for (at++; at < end && *at != '"'; at++) {
    if (*at == '\\') at++;
  }
  return at < end ? at + 1 : end;
}

}  // namespace

bool replace_numbers_beyond(uint8_t *json, size_t length) {
  static const char spelling[] = "9e307";
  constexpr size_t spelling_length = sizeof spelling - 1;
  bool replaced = false;
  uint8_t *at = json;
  uint8_t *const end = json + length;
  while (at < end) {
    if (*at == '"') {
      at += past_string(at, end) - at;
    } else if (*at == '-' || is_digit(at, end)) {
      bool integer;
      const uint8_t *past = past_number(at, end, integer);
      if (past == nullptr) return replaced;
      if (is_beyond(at, past, integer)) {
        std::memset(at, ' ', static_cast<size_t>(past - at));
        std::memcpy(at, spelling, spelling_length);
        replaced = true;
      }
      at += past - at;
    } else {
      at++;
    }
  }
  return replaced;
}

}  // namespace assay
