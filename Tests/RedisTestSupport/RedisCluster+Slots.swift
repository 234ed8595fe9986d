extension RedisCluster {
  /// A slot on its way from one node to another; each step as `redis-cli --cluster reshard` does it.
  package struct Move: Sendable {
    /// The slot.
    package let slot: Int
    /// The node that serves it until the move is finished.
    package let source: RedisServer
    /// The node that serves it afterwards.
    package let target: RedisServer
    let cluster: RedisCluster
  }

  /// Begins to move a slot: the source redirects with ASK what it does not hold.
  package func beginMove(of slot: Int, to target: RedisServer) throws -> Move {
    let source = try owner(of: slot)
    guard source !== target else { throw ServerError("slot \(slot) is there already") }
    let (from, to) = (try identity(of: source), try identity(of: target))
    try expectOK(target.run("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", from))
    try expectOK(source.run("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", to))
    return Move(slot: slot, source: source, target: target, cluster: self)
  }

  /// Moves a slot with all its keys to `target`, a few keys at a time, while clients go on.
  package func move(_ slot: Int, to target: RedisServer) async throws {
    let move = try beginMove(of: slot, to: target)
    while try move.carry(keysMax: 10) > 0 { await Task.yield() }
    try await move.finish()
  }

  private func expectOK(_ answer: String) throws {
    guard answer == "OK" else { throw ServerError("CLUSTER SETSLOT: \(answer)") }
  }
}

extension RedisCluster.Move {
  /// Carries at most `keysMax` keys to the target with MIGRATE and tells how many there were.
  package func carry(keysMax: Int) throws -> Int {
    let connection = try RedisWire(path: source.path)
    let keys = try connection.call(
      ["CLUSTER", "GETKEYSINSLOT", "\(slot)", "\(keysMax)"].map { Array($0.utf8) })
    guard case .array(let elements) = keys else { throw ServerError("CLUSTER GETKEYSINSLOT: \(keys)") }
    let names = elements.compactMap { if case .bytes(let name) = $0 { name } else { nil } }
    guard !names.isEmpty else { return 0 }
    let words = ["MIGRATE", "127.0.0.1", "\(target.peerPort ?? 0)", "", "0", "5000", "KEYS"].map {
      Array($0.utf8)
    }
    let answer = try connection.call(words + names)
    if case .error(let text) = answer { throw ServerError("MIGRATE: \(text)") }
    return names.count
  }

  /// Gives the slot to the target in every node's eyes.
  package func finish() async throws {
    let identity = try cluster.identity(of: target)
    // The target first: from then on it serves the slot, whatever the others still believe.
    let others = try cluster.primaries().filter { $0 !== target && $0 !== source }
    for node in [target, source] + others {
      let answer = try node.run("CLUSTER", "SETSLOT", "\(slot)", "NODE", identity)
      guard answer == "OK" else { throw ServerError("CLUSTER SETSLOT: \(answer)") }
    }
    try await cluster.waitUntilAgreed()
  }
}
