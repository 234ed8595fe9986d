#pragma once
#include <stddef.h>
#include <stdint.h>

/// How the windows of a load are kept in Redis.
enum assay_layout {
  /// An append log for each entity: APPEND, GETRANGE.
  ASSAY_LAYOUT_LOG,
  /// A stream for each entity: XADD, XRANGE from the last known entry.
  ASSAY_LAYOUT_STREAM,
  /// Ten buckets for each window and value: INCRBY, PEXPIRE, MGET.
  ASSAY_LAYOUT_BUCKETS,
  /// A sorted set for each entity, counted and summed by a script.
  ASSAY_LAYOUT_SORTED_SETS,
};

/// What one client is to do: the decisions `first..<count`, kept `in_flight` at a time.
///
/// `bytes` has for each decision, as fields of a 4-byte length and the bytes: the key of the event's id, its claim, what
/// is remembered; then for each of four entities: its number (4 bytes), its key, the record, and the event's time and
/// amount (8 bytes each).
struct assay_load {
  enum assay_layout layout;
  const uint8_t *bytes;
  size_t byte_count;
  size_t count;
  size_t entity_count;
  size_t in_flight;
  /// Decisions before this one are not measured.
  size_t first_measured;
  /// The hash of the loaded script, 40 characters; for sorted sets.
  const char *script;
};

/// What it took.
struct assay_load_result {
  double wall_seconds;
  double processor_seconds;
  uint64_t commands;
  /// Bytes written and read.
  uint64_t bytes_out;
  uint64_t bytes_in;
};

/// Runs a load over the Unix socket at `path`, as plainly as C can: one thread, one connection, blocking. With
/// `latencies`, the nanoseconds of each measured decision are stored there.
///
/// Returns 0, or what went wrong: -1 no connection, -2 it broke, -3 a reply that was not expected.
int assay_load_run(
    const char *path, const struct assay_load *load, struct assay_load_result *result, int64_t *latencies);
