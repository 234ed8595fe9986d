package import RedisWindows

/// A primary, its replica, and the sentinels that watch over them.
package final class RedisSentinels: Sendable {
  /// The name that the sentinels know the primary by.
  package static let name = "assay"

  /// The primary and the replica that were started; fail-overs change their roles.
  package let servers: [RedisServer]
  /// The sentinels.
  package let sentinels: [RedisServer]

  private init(servers: [RedisServer], sentinels: [RedisServer]) {
    self.servers = servers
    self.sentinels = sentinels
  }

  /// Starts all of them and waits until every sentinel knows the replica and the other sentinels.
  ///
  /// A primary that does not answer counts as down after `downAfterMilliseconds`. With `certificates` all of them speak
  /// TLS only, also with each other, and let nobody in who shows none.
  package static func start(
    downAfterMilliseconds: Int = 1_000, certificates: ServerCertificates? = nil
  ) async throws -> RedisSentinels {
    func start(_ change: (inout RedisServer.Options) -> Void) async throws -> RedisServer {
      var options = RedisServer.Options {
        $0.tcp = certificates == nil
        $0.tls = certificates == nil ? .off : .knownClients
      }
      change(&options)
      return try await RedisServer.start(options, certificates: certificates, isClusterNode: false)
    }
    let primary = try await start { _ in }
    let replica = try await start { $0.directives = ["replicaof 127.0.0.1 \(primary.peerPort ?? 0)"] }
    let watch = { (options: inout RedisServer.Options) in
      options.isSentinel = true
      options.directives = [
        "sentinel monitor \(name) 127.0.0.1 \(primary.peerPort ?? 0) 2",
        "sentinel down-after-milliseconds \(name) \(downAfterMilliseconds)",
        "sentinel failover-timeout \(name) 2000",
      ]
    }
    var sentinels: [RedisServer] = []
    for _ in 0..<3 { sentinels.append(try await start(watch)) }
    for sentinel in sentinels {
      // They hear of each other and of roles more often than every 2 and 10 seconds.
      try sentinel.run("SENTINEL", "DEBUG", "INFO-PERIOD", "500", "PUBLISH-PERIOD", "500")
    }
    let all = RedisSentinels(servers: [primary, replica], sentinels: sentinels)
    try await all.waitUntilWell()
    return all
  }

  /// Waits until every sentinel knows a replica in step and the other sentinels.
  package func waitUntilWell(within limit: Duration = .seconds(20)) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while clock.now < end {
      let isWell = try sentinels.allSatisfy { sentinel in
        let state = try sentinel.run("INFO", "sentinel")
        let replicas = try sentinel.run("SENTINEL", "REPLICAS", Self.name)
        return state.contains("slaves=1,sentinels=3") && replicas.contains("master-link-status\nok")
      }
      if isWell { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ServerError("the sentinels do not know each other after \(limit)")
  }

  /// Where the sentinels listen.
  package var addresses: [RedisAddress] {
    sentinels.compactMap { $0.peerPort.map { .host("127.0.0.1", port: $0) } }
  }

  /// The server that says of itself that it is the primary, and that the sentinels agree upon.
  package func primary() throws -> RedisServer? {
    let answer = try sentinels.first { $0.processID != nil }?
      .run("SENTINEL", "GET-MASTER-ADDR-BY-NAME", Self.name)
    let port = answer?.split(separator: "\n").last.flatMap { Int($0) }
    let server = servers.first { $0.peerPort == port && $0.processID != nil && !$0.isPaused }
    return try server?.run("ROLE").hasPrefix("master") == true ? server : nil
  }

  /// Has the sentinels promote the replica while the primary is well.
  package func failOver() throws {
    let answer = try sentinels[0].run("SENTINEL", "FAILOVER", Self.name)
    guard answer == "OK" else { throw ServerError("SENTINEL FAILOVER: \(answer)") }
  }

  /// Stops all of them.
  package func stop() {
    for server in sentinels + servers { server.kill() }
  }
}
