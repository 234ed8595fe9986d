/// What is known of the slot map's age, and which nodes are suspected to be gone.
final class MapRefresh {
  /// Between two rounds; nanoseconds, half to all of it.
  static let interval: Int64 = 100_000_000

  var round: AskingRound?
  private var isTimerSet = false
  private var isWantedAgain = false
  private var nextAt = Int64.min
  /// When the last round that gave a map began.
  private var knownSince = Int64.min
  /// Nodes that could not be reached, and when that was noticed.
  private(set) var suspects: [RedisAddress: Int64] = [:]
  /// Why the last round gave no map.
  private(set) var failure: RedisFailure?

  /// Whether the last round gave no map.
  var hasFailed: Bool { failure != nil }

  /// Whether the map was read a moment ago.
  func isFresh(_ now: Int64) -> Bool { knownSince != .min && now - knownSince < Self.interval }

  /// Notes that `address` cannot be reached.
  func suspect(_ address: RedisAddress, _ now: Int64) {
    if suspects[address] == nil { suspects[address] = now }
  }

  /// Whether the map was read after `address` was found to be gone: it tells all that the cluster knows by now.
  func knows(_ address: RedisAddress) -> Bool {
    suspects[address].map { $0 <= knownSince } ?? false
  }

  /// Whether a round may begin now. If not, it begins as soon as it may: `later` is called with the time to wait, once.
  func mayBegin(_ now: Int64, later: (Int64) -> Void) -> Bool {
    guard round == nil else {
      isWantedAgain = true
      return false
    }
    guard now < nextAt else { return !isTimerSet }
    if !isTimerSet {
      isTimerSet = true
      later(nextAt - now)
    }
    return false
  }

  func timerFired() { isTimerSet = false }

  /// Notes a round's end. `keep` tells which suspects still are.
  func ended(
    begun: Int64, next: Int64, failure: RedisFailure?, keep: (RedisAddress) -> Bool
  ) -> Bool {
    round = nil
    nextAt = next
    self.failure = failure
    if failure == nil { knownSince = begun }
    suspects = suspects.filter { keep($0.key) }
    defer { isWantedAgain = false }
    return isWantedAgain
  }

  func cancel() {
    round?.cancel()
    round = nil
  }
}

extension ClusterTransport {
  private static let question: CommandBuffer = {
    var commands = CommandBuffer()
    commands.begin(2)
    commands.argument("CLUSTER")
    commands.argument("SLOTS")
    return commands
  }()

  /// Has the map read again, as soon as that is allowed.
  func refreshMap() {
    guard !isClosed else { return }
    let mayBegin = refresh.mayBegin(clock.now) { wait in
      clock.schedule(after: wait) { [weak self] in
        self?.refresh.timerFired()
        self?.refreshMap()
      }
    }
    if mayBegin { beginRound() }
  }

  private func beginRound() {
    let begun = clock.now
    let round = AskingRound(witnesses(), question: Self.question, clock: clock) {
      [weak self] node, replies, verdict in
      guard let self, let map = SlotMap(replies, from: node.address) else { return verdict(false) }
      self.adopt(map)
      verdict(true)
    } end: { [weak self] isAnswered in
      self?.endRound(begun, isAnswered)
    }
    refresh.round = round
    round.ask()
  }

  private func endRound(_ begun: Int64, _ isAnswered: Bool) {
    let failure = isAnswered ? nil : refresh.round?.lastFailure ?? Self.unanswered
    let isWanted = refresh.ended(
      begun: begun, next: clock.now + jitter.spread(MapRefresh.interval), failure: failure
    ) { address in
      nodes[address].map { $0.health.breaker != .closed } ?? false
    }
    newsArrived(failure)
    // Until every primary is well again, or another has taken its place.
    let isUnsettled = failure != nil || owners.contains { $0.health.breaker != .closed }
    if isWanted || isUnsettled { refreshMap() }
  }

  private static var unanswered: RedisFailure {
    RedisFailure(
      code: .unavailable, message: "no node of the redis cluster tells who serves which slot",
      mayHaveRun: false,
      hint: "are the addresses those of a cluster?")
  }

  /// Whom to ask for the map: nodes that are connected and well first, those suspected last, otherwise at random.
  private func witnesses() -> [any RedisNode] {
    var addresses = jitter.shuffled(map.primaries)
    for address in jitter.shuffled(map.replicas) + jitter.shuffled(seeds) where !addresses.contains(address) {
      addresses.append(address)
    }
    let ranked = addresses.map { (address: $0, rank: rank($0)) }
    return (0...2).flatMap { rank in ranked.filter { $0.rank == rank }.map { node(at: $0.address) } }
  }

  private func rank(_ address: RedisAddress) -> Int {
    guard refresh.suspects[address] == nil else { return 2 }
    guard let health = nodes[address]?.health else { return 1 }
    return health.breaker != .closed ? 2 : health.connections > 0 ? 0 : 1
  }
}
