#pragma once

#include <stddef.h>
#include <stdint.h>

/// One gzip stream on its way out: zlib's state, owned by whoever created it.
typedef struct AssayInflater AssayInflater;

/// What a step came to.
typedef enum AssayInflateStatus {
  /// More input or more room is needed.
  AssayInflateProgress = 0,
  /// The member is complete and its checksum holds.
  AssayInflateMemberEnd = 1,
  /// The bytes are no gzip, or damaged.
  AssayInflateCorrupt = 2,
  /// Memory ran out.
  AssayInflateFailed = 3,
} AssayInflateStatus;

/// Returns NULL when there is no memory.
AssayInflater *assay_inflater_create(void);

void assay_inflater_destroy(AssayInflater *inflater);

/// Makes ready for the next member of the same file.
AssayInflateStatus assay_inflater_reset(AssayInflater *inflater);

/// Takes up to `input_count` bytes, gives up to `output_count`, and says how many it took and gave.
AssayInflateStatus assay_inflater_step(
    AssayInflater *inflater, const uint8_t *input, size_t input_count, size_t *consumed, uint8_t *output,
    size_t output_count, size_t *produced);

/// What zlib says is wrong with the bytes; never NULL, valid until the next call.
const char *assay_inflater_message(const AssayInflater *inflater);
