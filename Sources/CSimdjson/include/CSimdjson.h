#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a member of the JSON was.
typedef enum {
  CSIMDJSON_ABSENT = 0,
  CSIMDJSON_NULL,
  /// `bits` is 0 or 1.
  CSIMDJSON_BOOL,
  /// `bits` is an int64_t.
  CSIMDJSON_INT,
  /// `bits` is a uint64_t beyond the largest int64_t.
  CSIMDJSON_UINT,
  /// `bits` is the pattern of a finite double.
  CSIMDJSON_DOUBLE,
  /// A number that neither 64-bit integers nor doubles hold.
  CSIMDJSON_BEYOND,
  /// `text` and `length` are its UTF-8 bytes.
  CSIMDJSON_TEXT,
  /// `length` elements; those of a list path start at `bits` in the values, unless there are too many.
  CSIMDJSON_ARRAY,
  CSIMDJSON_OBJECT,
} csimdjson_kind;

/// One value, valid until the same thread reads its next JSON.
typedef struct {
  const uint8_t *_Nullable text;
  uint64_t bits;
  uint32_t length;
  csimdjson_kind kind;
} csimdjson_value;

/// One path that is looked for. Its index is the index of its value.
typedef struct {
  /// Dotted, UTF-8.
  const char *_Nonnull text;
  size_t length;
  /// The elements of an array are wanted.
  bool list;
} csimdjson_path;

typedef enum {
  CSIMDJSON_FINE = 0,
  CSIMDJSON_NO_MEMORY,
  CSIMDJSON_EMPTY,
  CSIMDJSON_BYTE_ORDER_MARK,
  CSIMDJSON_NOT_UTF8,
  CSIMDJSON_TOO_DEEP,
  CSIMDJSON_BAD_STRING,
  CSIMDJSON_BAD_NUMBER,
  CSIMDJSON_BAD_STRUCTURE,
  CSIMDJSON_NOT_AN_OBJECT,
  /// `path` names what stands twice.
  CSIMDJSON_DUPLICATE,
  /// `path` names what should be an object; `found` is what it is.
  CSIMDJSON_NOT_NESTED,
} csimdjson_status;

/// What reading gave. Pointers are valid until the same thread reads its next JSON.
typedef struct {
  csimdjson_status status;
  csimdjson_kind found;
  /// One value for each path, then the elements of lists.
  const csimdjson_value *_Nullable values;
  size_t value_count;
  const char *_Nullable path;
  size_t path_length;
} csimdjson_result;

/// The paths of one schema, compiled. Immutable, so any number of threads may read with it.
typedef struct csimdjson_paths csimdjson_paths;

/// Compiles paths; null when there is no memory for it. A path that stands twice keeps its first index.
csimdjson_paths *_Nullable csimdjson_paths_create(const csimdjson_path *_Nullable paths, size_t count);
void csimdjson_paths_destroy(csimdjson_paths *_Nullable paths);

/// Parses and validates all of `json`, and finds the values of the paths.
///
/// `depth_max` counts nested arrays and objects, an array of more than `elements_max` gives its length only.
csimdjson_result csimdjson_read(
  const csimdjson_paths *_Nonnull paths, const uint8_t *_Nullable json, size_t length, size_t depth_max,
  size_t elements_max);

#ifdef __cplusplus
}
#endif
