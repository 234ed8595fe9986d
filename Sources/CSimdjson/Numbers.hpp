#pragma once
#include <cstddef>
#include <cstdint>

namespace assay {

/// What a number beyond 64 bits is replaced by: short enough for every place where such a number can stand, and a
/// double that no event carries by chance.
constexpr double beyond_value = 9e307;

/// Overwrites each number in `json` that is well-formed but beyond 64-bit integers and doubles, and tells whether
/// there was one.
///
/// The parser refuses a whole document for one such number, also where nobody reads it; this runs only after it did.
bool replace_numbers_beyond(uint8_t *json, size_t length);

}  // namespace assay
