/// What the store needs to know of a configuration.
package struct StoreSettings: Sendable {
  /// The first part of all keys.
  package var namespace: String
  /// Commands for different slots must not share a connection.
  package var isSharded = false
  /// How long a visit may take; nanoseconds.
  package var timeout: Int64 = 20_000_000
  /// Wait for one replica after each append.
  package var waitsForReplica = false
  /// Bytes of events that wait to be appended.
  package var backlogBytesMax = 64 << 20
  /// Bytes of logs kept in this process.
  package var cacheBytesMax = 256 << 20
  /// Remember every key that is written, so that all can be removed again.
  package var tracksKeys = false
  /// Shorter logs are not worth a script that trims them. Bytes.
  package var trimBytesMin = 4_096
  /// What remains of a log that is trimmed goes out in one command, which must fit beside others. Bytes.
  package var trimBytesMax = 8 << 20
  /// What all replies to one group of commands may bring. Bytes.
  package var replyBytesMax = 4 << 20
  /// How much of a log is asked for at once: it comes, and is folded, while others' replies wait. Bytes.
  package var sliceBytes = 256 << 10
  /// Records at the end of a log that a trim leaves alone: another process may be about to read its own among them.
  package var recordsKept = 64

  /// The longest that a visit is ever let take, whatever is configured.
  private static let timeoutMillisecondsMax = 60_000

  /// The defaults, under a namespace.
  package init(namespace: String) { self.namespace = namespace }

  /// The settings that a configuration comes to.
  package init(_ configuration: RedisConfiguration) {
    namespace = configuration.namespace
    isSharded = configuration.topology == .cluster
    timeout = Int64(min(max(configuration.timeoutMilliseconds, 1), Self.timeoutMillisecondsMax)) * 1_000_000
    waitsForReplica = configuration.durability == .wait
    backlogBytesMax = configuration.backlogBytesMax
    cacheBytesMax = configuration.cacheBytesMax
    tracksKeys = configuration.isTemporary
    trimBytesMax = max(configuration.pendingBytesMax / 2, trimBytesMin)
    replyBytesMax = ReplyLimits.bytesMax(configuration)
    sliceBytes = sliceBytes(parts: 1)
  }

  /// How much of each log is asked for at once by a visit to so many: half of what replies may bring, or less.
  func sliceBytes(parts: Int) -> Int { max(min(sliceBytes, replyBytesMax / (2 * max(parts, 1))), 64) }
}
