package import RedisWindows
package import TestSupport
import Windows

/// A cluster of three primaries and three replicas, each node behind a proxy.
package struct ClusterTarget: ChaosTarget {
  private let cluster: RedisCluster
  /// In the order of the nodes.
  private let proxies: [ChaosProxy]
  private let durability: RedisConfiguration.Durability
  /// Former primaries that are dead or stand still.
  private let fallen = Guarded<[RedisServer]>([])

  /// Starts a cluster whose clients wait for a replica, or not.
  package static func start(_ durability: RedisConfiguration.Durability) async throws -> ClusterTarget {
    var proxies: [ChaosProxy] = []
    let cluster = try await RedisCluster.start { nodes in
      for node in nodes { proxies.append(try await .startOnPort(before: node)) }
      return proxies.map(\.port)
    }
    try await cluster.waitUntilAgreed()
    return ClusterTarget(cluster: cluster, proxies: proxies, durability: durability)
  }

  private init(
    cluster: RedisCluster, proxies: [ChaosProxy], durability: RedisConfiguration.Durability
  ) {
    self.cluster = cluster
    self.proxies = proxies
    self.durability = durability
  }

  package func configuration(namespace: String, number: Int) -> RedisConfiguration {
    var configuration = RedisConfiguration(namespace: namespace)
    configuration.topology = .cluster
    configuration.addresses = cluster.addresses
    configuration.timeoutMilliseconds = 150
    configuration.durability = durability
    return configuration
  }

  package var faults: [ChaosFault] {
    [.kill, .lag, .pause, .outage, .promote, .move, .full, .cut, .stalled, .deaf, .mute, .slow]
  }

  package func strike(_ fault: ChaosFault, _ random: inout SeededGenerator) async throws
    -> ContinuousClock.Instant
  {
    let primaries = try cluster.primaries()
    guard let victim = primaries.randomElement(using: &random) else { throw ServerError("no primary") }
    switch fault {
    case .kill, .lag, .outage: return try await takeOver(from: victim, fault, &random)
    case .promote:
      guard let replica = try cluster.replicas(of: victim).first else { throw ServerError("no replica") }
      try await cluster.failOver(to: replica)
      return durability == .wait ? try await wellAgain() : .now
    case .move:
      for _ in 0..<4 {
        let slot = Int.random(in: 0..<RedisCluster.slotCount, using: &random)
        let owner = try cluster.owner(of: slot)
        if let target = primaries.filter({ $0 !== owner }).randomElement(using: &random) {
          try await cluster.move(slot, to: target)
        }
      }
      return .now
    case .stalled, .deaf, .mute:
      let nodes = Array(zip(cluster.nodes, proxies))
      let ways = nodes.filter { node in primaries.contains { $0 === node.0 } }.map(\.1)
      try await fault.strike(ways, &random)
      return .now
    default: return try await fault.strike(victim, &random)
    }
  }

  /// A primary dies or stands still until its replica was promoted. Where each append waits for a replica, service is
  /// full when there is one again; else the former primary comes back later.
  private func takeOver(
    from victim: RedisServer, _ fault: ChaosFault, _ random: inout SeededGenerator
  ) async throws -> ContinuousClock.Instant {
    guard let replica = try cluster.replicas(of: victim).first else { throw ServerError("no replica") }
    switch fault {
    case .kill: victim.kill()
    case .lag: try await ChaosFault.leaveBehind(replica, victim, &random)
    default: victim.pause()
    }
    fallen.withLock { $0.append(victim) }
    try await cluster.waitUntilPrimary(replica)
    if durability == .wait {
      try await raise()
      return try await wellAgain()
    }
    return .now
  }

  private func raise() async throws {
    let victims = fallen.withLock { fallen in
      defer { fallen = [] }
      return fallen
    }
    for victim in victims {
      if victim.isPaused { victim.resume() } else { try await victim.restart() }
    }
  }

  private func wellAgain() async throws -> ContinuousClock.Instant {
    try await cluster.waitUntilWell(replicas: 1)
    return .now
  }

  package func settle() async throws {
    try await raise()
    try await cluster.waitUntilWell(replicas: 1)
    try await cluster.waitUntilAgreed()
  }

  package func holders() throws -> [RedisServer] { try cluster.primaries() }

  package func stop() async {
    for proxy in proxies { await proxy.stop() }
    cluster.stop()
  }
}
