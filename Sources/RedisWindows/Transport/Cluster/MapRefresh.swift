/// How the map of slots is kept: nodes are asked for it until one has told.
extension ClusterTransport {
  private static let question: CommandBuffer = {
    var commands = CommandBuffer()
    commands.begin(2)
    commands.argument("CLUSTER")
    commands.argument("SLOTS")
    return commands
  }()

  /// Asks the nodes for the map.
  func beginRound() {
    let begun = clock.now
    let round = AskingRound(witnesses(), question: Self.question, clock: clock) {
      [weak self] node, replies, verdict in
      guard let self, let map = SlotMap(replies, from: node.address) else { return verdict(false) }
      self.adopt(map)
      verdict(true)
    } end: { [weak self] isAnswered in
      self?.endRound(begun, isAnswered)
    }
    self.round = round
    round.ask()
  }

  private func endRound(_ begun: Int64, _ isAnswered: Bool) {
    let failure = isAnswered ? nil : round?.lastFailure ?? Self.unanswered
    round = nil
    let isWanted = rounds.ended(begun: begun, failure: failure) { address in
      nodes[address].map { $0.health.breaker != .closed } ?? false
    }
    newsArrived(failure)
    // Until every primary is well again, or another has taken its place.
    let isUnsettled = failure != nil || primaries.contains { $0.health.breaker != .closed }
    if isWanted || isUnsettled { rounds.request() }
  }

  private static var unanswered: RedisFailure {
    RedisFailure(
      code: .unavailable, message: "no node of the redis cluster tells who serves which slot",
      mayHaveRun: false,
      hint: "are the addresses those of a cluster?")
  }

  /// Whom to ask for the map: nodes that are connected and well first, those suspected last, otherwise at random.
  private func witnesses() -> [any RedisNode] {
    var addresses = rounds.jitter.shuffled(map.primaries)
    for address in rounds.jitter.shuffled(map.replicas) + rounds.jitter.shuffled(seeds)
    where !addresses.contains(address) {
      addresses.append(address)
    }
    let ranked = addresses.map { (address: $0, rank: rank($0)) }
    return (0...2).flatMap { rank in ranked.filter { $0.rank == rank }.map { node(at: $0.address) } }
  }

  private func rank(_ address: RedisAddress) -> Int {
    guard rounds.suspects[address] == nil else { return 2 }
    guard let health = nodes[address]?.health else { return 1 }
    return health.breaker != .closed ? 2 : health.connections > 0 ? 0 : 1
  }
}
