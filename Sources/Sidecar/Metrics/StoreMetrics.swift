internal import RedisWindows
internal import Windows

/// What stores tell of themselves.
enum StoreMetrics {
  /// Windows in Redis.
  static let redis: [ReadMetric<RedisStatistics>] = [
    ReadMetric("assay_redis_visits_total", .counter, "Events sent to Redis.", count: \.visits),
    ReadMetric(
      "assay_redis_round_trips_total", .counter,
      "Round trips that reading windows took: one for an event, others where a whole log had to be read.",
      count: { $0.visits + $0.readSteps }),
    ReadMetric(
      "assay_redis_commands_total", .counter, "Commands sent to Redis for events.", count: \.commands),
    ReadMetric(
      "assay_redis_rereads_total", .counter,
      "Logs that had to be read whole, because what was known of them did not continue.", count: \.rereads),
    ReadMetric(
      "assay_redis_known_reads_total", .counter,
      "Reads of a log that this process knew: the cache's hits.", count: \.knownReads),
    ReadMetric(
      "assay_redis_degraded_visits_total", .counter, "Events without an answer of Redis in time or at all.",
      count: \.degraded),
    ReadMetric(
      "assay_redis_trims_total", .counter, "Logs that were shortened by what is too old.", count: \.trims),
    ReadMetric(
      "assay_redis_voids_total", .counter,
      "Records taken back because their event's id belongs to another event.", count: \.voids),
    ReadMetric("assay_redis_cached_logs", .gauge, "Logs known to this process.", count: \.cachedLogs),
    ReadMetric("assay_redis_cached_bytes", .gauge, "Bytes of the known logs.", count: \.cachedBytes),
    ReadMetric(
      "assay_redis_backlog_events", .gauge, "Events that wait to be appended to their logs.",
      count: \.backlogCount),
    ReadMetric("assay_redis_backlog_bytes", .gauge, "Bytes of these.", count: \.backlogBytes),
    ReadMetric(
      "assay_redis_appended_late_total", .counter,
      "Events appended after they had been decided without Redis.", count: \.appendedLate),
    ReadMetric(
      "assay_redis_lost_events_total", .counter, "Events that their logs will never have.",
      count: \.lostEvents),
    ReadMetric(
      "assay_redis_lost_logs_total", .counter, "Logs that lost records which this process had seen.",
      count: \.lostLogs),
  ]

  /// Windows in memory.
  static let memory: [ReadMetric<MemoryStatistics>] = [
    ReadMetric("assay_memory_entities", .gauge, "Entities that have a log.", count: \.entities),
    ReadMetric(
      "assay_memory_resting_entities", .gauge,
      "Of these, those without window state, which is folded from the log when they are visited.",
      count: \.restingEntities),
    ReadMetric("assay_memory_bytes", .gauge, "Bytes of logs, window state and ids.", count: \.bytes),
    ReadMetric(
      "assay_memory_evicted_entities_total", .counter,
      "Entities whose logs were dropped for lack of memory: their windows are unknown.",
      count: \.evictedEntities),
    ReadMetric(
      "assay_memory_remembered_ids", .gauge, "Ids of events by which a retry is recognised.",
      count: \.rememberedIDs),
    ReadMetric(
      "assay_memory_forgotten_ids_total", .counter,
      "Ids dropped before their time for lack of memory: a retry counts again.", count: \.forgottenIDs),
  ]
}
