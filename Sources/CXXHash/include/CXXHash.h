#pragma once
#include <stddef.h>
#include <stdint.h>

/// 128 bits of a hash.
typedef struct {
  uint64_t low;
  uint64_t high;
} cxxhash_128_value;

/// XXH3 of `length` bytes, 64 bits. `bytes` may be null where `length` is 0.
uint64_t cxxhash_64(const void *_Nullable bytes, size_t length, uint64_t seed);

/// XXH3 of `length` bytes, 128 bits. `bytes` may be null where `length` is 0.
cxxhash_128_value cxxhash_128(const void *_Nullable bytes, size_t length, uint64_t seed);

/// Asks the processor to fetch the line of memory at `address` while it does other work. Any address will do.
static inline void cxxhash_prefetch(const void *_Nullable address) { __builtin_prefetch(address, 1, 3); }
