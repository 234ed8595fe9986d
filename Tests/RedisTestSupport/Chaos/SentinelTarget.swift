package import RedisWindows
package import TestSupport

/// A primary and its replica, watched by three sentinels; each append waits for the replica.
package struct SentinelTarget: ChaosTarget {
  private let group: RedisSentinels

  /// Starts them.
  package static func start() async throws -> SentinelTarget {
    SentinelTarget(group: try await RedisSentinels.start())
  }

  package func configuration(namespace: String, number: Int) -> RedisConfiguration {
    var configuration = RedisConfiguration(namespace: namespace)
    configuration.topology = .sentinel(primary: RedisSentinels.name)
    configuration.addresses = group.addresses
    configuration.timeoutMilliseconds = 100
    configuration.durability = .wait
    return configuration
  }

  package var faults: [ChaosFault] { [.kill, .lag, .pause, .outage, .promote, .full, .cut, .slow] }

  package func strike(_ fault: ChaosFault, _ random: inout SeededGenerator) async throws
    -> ContinuousClock.Instant
  {
    guard let primary = try group.primary() else { throw ServerError("no primary") }
    switch fault {
    case .kill, .lag, .outage, .promote:
      switch fault {
      case .kill: primary.kill()
      case .lag:
        for replica in group.servers where replica !== primary {
          try await ChaosFault.leaveBehind(replica, primary, &random)
        }
      case .outage: primary.pause()
      default: try group.failOver()
      }
      try await waitUntilReplaced(primary)
      if primary.isPaused { primary.resume() }
      if primary.processID == nil { try await primary.restart() }
      try await settle()
      return .now
    default: return try await fault.strike(primary, &random)
    }
  }

  private func waitUntilReplaced(_ primary: RedisServer) async throws {
    for _ in 0..<1_000 {
      if let other = try group.primary(), other !== primary { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw ServerError("the sentinels promoted nobody")
  }

  package func settle() async throws {
    try await group.waitUntilWell()
    // What sentinels tell of replicas may be from before the fail-over.
    for _ in 0..<1_000 {
      if try isInStep() { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw ServerError("the replica does not follow the primary")
  }

  /// Whether all sentinels name the same primary, and its replica has all that it has.
  private func isInStep() throws -> Bool {
    guard let primary = try group.primary() else { return false }
    for sentinel in group.sentinels {
      let named = try sentinel.run("SENTINEL", "GET-MASTER-ADDR-BY-NAME", RedisSentinels.name)
      guard named.hasSuffix("\n\(primary.port ?? 0)") else { return false }
    }
    return try primary.run("INFO", "replication").contains("state=online")
  }

  package func holders() throws -> [RedisServer] { try group.primary().map { [$0] } ?? [] }

  package func stop() async { group.stop() }
}
