package import RedisWindows

/// A Redis server of a test's own.
package struct RedisServer: Sendable {
  /// Where it listens.
  package let address: RedisAddress
}
