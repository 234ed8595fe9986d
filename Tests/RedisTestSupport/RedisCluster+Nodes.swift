extension RedisCluster {
  /// A line of `CLUSTER NODES`.
  struct Entry {
    var id: Substring
    var port: Int
    var flags: Set<Substring>
    var primary: Substring
    var epoch: Substring
    var slots: [ClosedRange<Int>]

    /// Thought gone, or a primary without slots, as one is before it follows another.
    var isUnsettled: Bool {
      flags.contains("fail") || flags.contains("fail?") || flags.contains("master") && slots.isEmpty
    }

    init?(_ line: Substring) {
      let words = line.split(separator: " ")
      guard words.count >= 8 else { return nil }
      id = words[0]
      let place = words[1].split(separator: "@")[0]
      port = place.split(separator: ":").last.flatMap { Int($0) } ?? 0
      flags = Set(words[2].split(separator: ","))
      primary = words[3]
      epoch = words[6]
      slots = words[8...].compactMap { word in
        let bounds = word.split(separator: "-").compactMap { Int($0) }
        guard let first = bounds.first, let last = bounds.last, !word.hasPrefix("[") else { return nil }
        return first...last
      }
    }
  }

  /// The cluster as `node` sees it, or as any node does that runs.
  func entries(seenBy node: RedisServer? = nil) throws -> [Entry] {
    guard let witness = node ?? running.first else { throw ServerError("no node of the cluster runs") }
    return try witness.run("CLUSTER", "NODES").split(separator: "\n").compactMap { Entry($0) }
  }

  private func server(of entry: Entry) throws -> RedisServer {
    guard let server = nodes.first(where: { port(of: $0) == entry.port }) else {
      throw ServerError("no node of the cluster listens on \(entry.port)")
    }
    return server
  }

  /// A node's identity in the cluster.
  package func identity(of node: RedisServer) throws -> String { try node.run("CLUSTER", "MYID") }

  /// The slot that `key` belongs to, as the servers compute it.
  package func slot(of key: String) throws -> Int {
    guard let slot = try running.first.flatMap({ Int(try $0.run("CLUSTER", "KEYSLOT", key)) }) else {
      throw ServerError("no slot for `\(key)`")
    }
    return slot
  }

  /// The primary that serves `slot`.
  package func owner(of slot: Int) throws -> RedisServer {
    let owner = try entries().first {
      $0.flags.contains("master") && !$0.flags.contains("fail") && $0.slots.contains { $0.contains(slot) }
    }
    guard let owner else { throw ServerError("slot \(slot) has no owner") }
    return try server(of: owner)
  }

  /// All primaries that serve slots.
  package func primaries() throws -> [RedisServer] {
    try entries()
      .filter { $0.flags.contains("master") && !$0.flags.contains("fail") && !$0.slots.isEmpty }
      .map(server)
  }

  /// The replicas of `primary`.
  package func replicas(of primary: RedisServer) throws -> [RedisServer] {
    let identity = try identity(of: primary)
    return try entries().filter { $0.primary == identity && !$0.flags.contains("fail") }.map(server)
  }

  /// Promotes a replica: with `how` nil in agreement with its primary, with `FORCE` or `TAKEOVER` without it.
  package func promote(_ replica: RedisServer, _ how: String? = nil) throws {
    let answer = try replica.run(["CLUSTER", "FAILOVER"] + (how.map { [$0] } ?? []))
    guard answer == "OK" else { throw ServerError("CLUSTER FAILOVER: \(answer)") }
  }

  /// Promotes `replica` in agreement with its primary and waits until all know. The others may not vote about a primary
  /// again so soon; then the attempt runs out of time, and is made again.
  package func failOver(to replica: RedisServer) async throws {
    for _ in 0..<3 {
      _ = try? promote(replica)
      if (try? await waitUntilPrimary(replica, within: .seconds(6))) != nil { return }
    }
    throw ServerError("the replica was not promoted, asked three times")
  }

  /// Waits until `node` is a primary that serves slots in every running node's eyes.
  package func waitUntilPrimary(_ node: RedisServer, within limit: Duration = .seconds(20)) async throws {
    try await wait("the replica was not promoted", within: limit) {
      try running.allSatisfy { witness in
        try entries(seenBy: witness).contains {
          $0.port == port(of: node) && $0.flags.contains("master") && !$0.slots.isEmpty
        }
      }
    }
  }

  /// Waits until all running nodes, replicas too, know the same owners of all slots as of the same epoch, and the same
  /// replicas. A replica
  /// that has not heard of its primary's newest slot is not elected when the primary is gone.
  package func waitUntilAgreed(within limit: Duration = .seconds(20)) async throws {
    try await wait("the nodes do not agree", within: limit) {
      let ports = Set(running.compactMap(port(of:)))
      let maps = try running.map { witness in
        let entries = try entries(seenBy: witness)
        // A node that came back is still thought gone for a moment, or has not taken on its new role.
        if entries.contains(where: { ports.contains($0.port) && $0.isUnsettled }) { return ["gone"] }
        return entries.filter { ports.contains($0.port) }
          .map { "\($0.id) \($0.primary) \($0.flags.contains("master") ? $0.epoch : "") \($0.slots)" }
          .sorted()
      }
      if maps.contains(["gone"]) { return false }
      return Set(maps).count == 1
    }
  }

  private func wait(_ complaint: String, within limit: Duration, _ isDone: () throws -> Bool) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while clock.now < end {
      if try isDone() { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw ServerError("\(complaint) within \(limit)")
  }
}
