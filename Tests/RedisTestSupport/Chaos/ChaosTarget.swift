package import RedisWindows
package import TestSupport

/// A deployment of Redis that faults are done to.
package protocol ChaosTarget: Sendable {
  /// How its `number`th client finds it.
  func configuration(namespace: String, number: Int) -> RedisConfiguration
  /// The blows it can be dealt.
  var faults: [ChaosFault] { get }
  /// Deals a blow and undoes it; returns when Redis was back in service.
  func strike(_ fault: ChaosFault, _ random: inout SeededGenerator) async throws -> ContinuousClock.Instant
  /// Waits until all is as it was.
  func settle() async throws
  /// The servers that hold the logs.
  func holders() throws -> [RedisServer]
  /// Ends all servers.
  func stop() async
}

/// A blow.
package enum ChaosFault: String, Sendable, CaseIterable {
  /// SIGKILL, and a restart.
  case kill
  /// The same to a server whose replica has lost its link to it a moment ago.
  case lag
  /// SIGSTOP and SIGCONT.
  case pause
  /// The same, for so long that another server takes over.
  case outage
  /// A planned fail-over.
  case promote
  /// Slots go to another node.
  case move
  /// `maxmemory` is reached.
  case full
  /// Connections are cut by the server.
  case cut
  /// Connections that forward nothing for a while, or swallow what clients or servers send.
  case stalled
  case deaf
  case mute
  /// A command that takes long.
  case slow

  /// Whether acknowledged records may be gone after it, where servers keep nothing on disk.
  var mayLose: Bool { [.kill, .lag, .outage, .promote, .move].contains(self) }
}

/// Blows that every single server can be dealt.
extension ChaosFault {
  /// Deals one of them to `server`; returns when it served again.
  func strike(_ server: RedisServer, _ random: inout SeededGenerator) async throws -> ContinuousClock.Instant
  {
    let length = Duration.milliseconds(Int.random(in: 60...700, using: &random))
    switch self {
    case .pause:
      server.pause()
      try await Task.sleep(for: length)
      server.resume()
    case .full:
      let used = try Self.usedMemory(server) + Int.random(in: -10_000...40_000, using: &random)
      try server.run("CONFIG", "SET", "maxmemory", "\(used)")
      try await Task.sleep(for: length)
      try server.run("CONFIG", "SET", "maxmemory", "0")
    case .cut:
      for _ in 0..<Int.random(in: 2...8, using: &random) {
        try server.run("CLIENT", "KILL", "TYPE", "normal")
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...40, using: &random)))
      }
    case .slow:
      let seconds = Double.random(in: 0.05...0.5, using: &random)
      let connection = try RedisWire(path: server.path)
      try connection.send(Array("DEBUG SLEEP \(seconds)\r\n".utf8))
      try await Task.sleep(for: .seconds(seconds))
    default: throw ServerError("`\(rawValue)` is no blow to one server")
    }
    return try Self.answers(server)
  }

  /// Cuts a replica's link so that what its primary acknowledges from now on is on no other machine, and
  /// ends the primary; then the replica goes on.
  static func leaveBehind(
    _ replica: RedisServer, _ primary: RedisServer, _ random: inout SeededGenerator
  ) async throws {
    // A replica that runs would be back within a second.
    replica.pause()
    defer { replica.resume() }
    try primary.run("CLIENT", "KILL", "TYPE", "replica")
    try await Task.sleep(for: .milliseconds(Int.random(in: 100...400, using: &random)))
    primary.kill()
  }

  private static func usedMemory(_ server: RedisServer) throws -> Int {
    let lines = try server.run("INFO", "memory").split(whereSeparator: \.isNewline)
    guard let line = lines.first(where: { $0.hasPrefix("used_memory:") }),
      let used = Int(line.dropFirst("used_memory:".count))
    else { throw ServerError("no `used_memory`") }
    return used
  }

  /// The moment when a server answers a PING.
  static func answers(_ server: RedisServer) throws -> ContinuousClock.Instant {
    let connection = try RedisWire(path: server.path)
    guard try connection.call("PING") == .status("PONG") else { throw ServerError("no answer to PING") }
    return .now
  }
}
