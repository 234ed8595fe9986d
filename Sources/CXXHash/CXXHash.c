// The header-only form: one translation unit, nothing to link, and the compiler sees the constant lengths.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "CXXHash.h"

uint64_t cxxhash_64(const void *bytes, size_t length, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, length, seed);
}

cxxhash_128_value cxxhash_128(const void *bytes, size_t length, uint64_t seed) {
  XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, length, seed);
  cxxhash_128_value value = {hash.low64, hash.high64};
  return value;
}
