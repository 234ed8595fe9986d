package import RedisWindows
package import TestSupport

/// One server, each client behind a proxy of its own.
package struct SingleTarget: ChaosTarget {
  private let server: RedisServer
  private let proxies: [ChaosProxy]

  /// Starts them; a server with an append-only file keeps over a SIGKILL what it acknowledged.
  package static func start(_ persistence: RedisServer.Options.Persistence, clients: Int) async throws
    -> SingleTarget
  {
    let server = try await RedisServer.start(
      .init {
        $0.persistence = persistence
        $0.directives = ["appendfsync no", "auto-aof-rewrite-min-size 8mb"]
      })
    var proxies: [ChaosProxy] = []
    for number in 0..<clients { proxies.append(try await .start(before: server, number: number)) }
    return SingleTarget(server: server, proxies: proxies)
  }

  package func configuration(namespace: String, number: Int) -> RedisConfiguration {
    var configuration = RedisConfiguration(namespace: namespace)
    configuration.addresses = [number < proxies.count ? proxies[number].address : server.address]
    configuration.timeoutMilliseconds = 100
    return configuration
  }

  package var faults: [ChaosFault] { [.kill, .pause, .full, .cut, .stalled, .deaf, .mute, .slow] }

  package func strike(_ fault: ChaosFault, _ random: inout SeededGenerator) async throws
    -> ContinuousClock.Instant
  {
    let length = Duration.milliseconds(Int.random(in: 60...900, using: &random))
    switch fault {
    case .kill:
      server.kill()
      try await Task.sleep(for: length)
      try await server.restart()
      try await waitUntilLoaded()
    case .stalled, .deaf, .mute:
      try await fault.strike(proxies, &random)
    default: return try await fault.strike(server, &random)
    }
    return try ChaosFault.answers(server)
  }

  /// A server that still reads its file answers, but with an error.
  private func waitUntilLoaded() async throws {
    for _ in 0..<2_000 {
      if (try? ChaosFault.answers(server)) != nil { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw ServerError("the server does not come to an end with its file")
  }

  package func settle() async throws {}

  package func holders() throws -> [RedisServer] { [server] }

  package func stop() async {
    for proxy in proxies { await proxy.stop() }
    server.kill()
  }
}
