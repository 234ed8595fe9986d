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
  }
}
