/// What a `RedisWindows` did and what it had to give up, since it was made.
public struct RedisStatistics: Sendable, Equatable {
  /// Visits that were sent to Redis.
  public var visits = 0
  /// Commands sent for them, in steady state and beyond it.
  public var commands = 0
  /// Logs that had to be read whole, because what was known of them did not continue.
  public var rereads = 0
  /// Round trips beside those of the visits, in which logs were read.
  public var readSteps = 0
  /// Logs that were too long to be read at once, and were read slice by slice.
  public var slicedReads = 0
  /// Reads of a log that was known.
  public var knownReads = 0
  /// Of these, reads that brought nothing but the event's own record.
  public var ownReads = 0
  /// Visits without an answer in time or at all.
  public var degraded = 0
  /// Logs that lost records which this process had seen.
  public var lostLogs = 0
  /// Logs that were trimmed.
  public var trims = 0
  /// Records taken back because their event's id belongs to another.
  public var voids = 0
  /// Logs known to this process, and their bytes.
  public var cachedLogs = 0
  /// Bytes of these by our own count.
  public var cachedBytes = 0
  /// Events that wait to be appended.
  public var backlogCount = 0
  /// Bytes of these.
  public var backlogBytes = 0
  /// Events appended after they had been decided without Redis.
  public var appendedLate = 0
  /// Events that did not fit in the backlog, or that Redis refused: the windows lack them.
  public var lostEvents = 0
}
