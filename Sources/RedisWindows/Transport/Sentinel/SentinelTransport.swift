/// The primary that sentinels know by a name: all groups go to it, and to the next one as soon as that is promoted.
///
/// - All sentinels are asked at the same time, and the one with the newest configuration is believed; a server is used
///   only when it says of itself that it is a primary (`ROLE`).
/// - They are asked every 200 to 400 ms, and every 50 to 100 ms while the primary cannot be reached, refuses writes
///   (`READONLY`), or none is known.
/// - What a server refuses since it is no primary was not executed there and is sent to the next one within the group's
///   deadline, as in a cluster.
package final class SentinelTransport: RedisTransport {
  /// Between two questions while all is well, half to all of it; nanoseconds.
  static let pollInterval: Int64 = 400_000_000
  /// The bound on refusals of one group.
  private static let refusalsMax = 32

  let clock: any LoopClock
  let name: String
  let sentinels: [any RedisNode]
  let makeServer: (RedisAddress) -> any RedisNode
  /// The primary in use.
  private(set) var primary: (any RedisNode)?
  /// The configuration that `primary` is from, as the sentinels count them.
  private(set) var epoch: Int64 = -1
  private(set) var isClosed = false
  let rounds: NewsRounds
  var round: SentinelRound?
  var isPollDue = false
  private let desk: GroupDesk
  private var formerConnects = 0

  /// The primary that `sentinels` know as `name`. `makeSentinel` is called for each of them, `makeServer` for each
  /// server that they name; `seed` decides the jitter.
  package init(
    name: String, sentinels: [RedisAddress], clock: any LoopClock,
    seed: UInt64 = UInt64.random(in: 0...UInt64.max), makeSentinel: (RedisAddress) -> any RedisNode,
    makeServer: @escaping (RedisAddress) -> any RedisNode
  ) {
    self.name = name
    self.clock = clock
    self.makeServer = makeServer
    self.sentinels = sentinels.map(makeSentinel)
    desk = GroupDesk(clock: clock)
    rounds = NewsRounds(clock: clock, seed: seed)
    desk.route = { [weak self] in self?.route($0) }
    rounds.begin = { [weak self] in self?.beginRound() }
  }

  package var health: TransportHealth {
    var health = primary?.health ?? TransportHealth()
    if primary == nil && rounds.failure != nil { health.breaker = .open }
    health.connects += formerConnects
    health.inFlight = desk.inFlight
    health.lastFailure = desk.lastFailure?.message ?? health.lastFailure
    return health
  }

  package func send(
    _ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler
  ) {
    let group = desk.open(copy commands, slot: nil, deadline: deadline, receive: receive)
    if isClosed { return desk.failLater(group, closedFailure) }
    route(group)
  }

  package func close() {
    guard !isClosed else { return }
    isClosed = true
    rounds.stop()
    round?.cancel()
    primary?.close()
    for sentinel in sentinels { sentinel.close() }
    desk.failAll(closedFailure)
  }

  private var closedFailure: RedisFailure {
    RedisFailure(
      code: .unavailable, message: "the connections to redis were given up here", mayHaveRun: false)
  }
}

// The way of a group.
extension SentinelTransport {
  private func route(_ group: RoutedGroup) {
    if let primary { return transmit(group, to: primary) }
    let failure = rounds.failure ?? unknownPrimary
    if rounds.failure != nil { return desk.failLater(group, failure) }
    desk.wait(group, until: .news, failure)
    rounds.request()
  }

  private var unknownPrimary: RedisFailure {
    RedisFailure(
      code: .unavailable, message: "no sentinel named the primary `\(name)` in time", mayHaveRun: false)
  }

  private func transmit(_ group: RoutedGroup, to node: any RedisNode) {
    let commands = group.unanswered(asking: false)
    let count = commands.count
    node.send(commands, deadline: group.deadline) { result in
      switch result {
      case .success(let replies): self.answered(group, by: node, replies, count: count)
      case .failure(let failure): self.failed(group, at: node, failure)
      }
    }
  }

  private func answered(_ group: RoutedGroup, by node: any RedisNode, _ replies: Replies, count: Int) {
    let refusal = Redirection.last(of: count, in: replies, from: node.address)
    if refusal == nil && group.progress == nil { return desk.finish(group, .success(replies)) }
    group.take(replies, asked: false, isRefusal: Redirection.isRefusal)
    guard let progress = group.progress, !progress.isDone else {
      return desk.finish(group, .success(group.progress?.whole() ?? replies))
    }
    group.refusals += 1
    let failure = RedisFailure(
      code: .unavailable, message: "redis at `\(node.address)` is no primary that serves", mayHaveRun: false,
      hint: "it serves when the sentinels have promoted a replica; see `SENTINEL MASTER \(name)`")
    guard group.refusals < Self.refusalsMax, !isClosed else { return desk.finish(group, .failure(failure)) }
    rounds.suspect(node.address)
    rounds.request()
    // Another primary may be known since this was sent; otherwise it is looked for while the group waits.
    if let primary, primary !== node, group.refusals <= 2 { return route(group) }
    let pause = rounds.jitter.spread(1_000_000 << Int64(min(group.refusals, 5)))
    desk.wait(group, until: .time(clock.now + pause), failure)
  }

  private func failed(_ group: RoutedGroup, at node: any RedisNode, _ failure: RedisFailure) {
    let isGone = failure.code == .unavailable && !isClosed
    if isGone, primary === node {
      rounds.suspect(node.address)
      rounds.request()
    }
    guard isGone, !failure.mayHaveRun else { return desk.finish(group, .failure(failure)) }
    if primary !== node { return route(group) }
    guard !rounds.knows(node.address) else { return desk.finish(group, .failure(failure)) }
    desk.wait(group, until: .news, failure)
  }
}

// The primary.
extension SentinelTransport {
  /// Whether a sentinel's word of a configuration is worth looking at: it is as new as what is known, or the primary in
  /// use serves no more.
  func isNews(_ epoch: Int64) -> Bool {
    guard let primary else { return true }
    return epoch >= self.epoch || rounds.suspects[primary.address] != nil
  }

  /// Takes on a server that was found to be the primary, and lets go of the one before.
  func adopt(_ node: any RedisNode, _ epoch: Int64) {
    self.epoch = epoch
    if let primary, primary !== node {
      formerConnects += primary.health.connects
      // Not at once: this may run in a reply of that very server. What it was sent may have run.
      clock.schedule(after: 0) { primary.close() }
    }
    primary = node
    newsArrived(nil)
  }

  /// Sends on what waited for news, or fails it where there is no primary.
  func newsArrived(_ failure: RedisFailure?) {
    for (group, reason) in desk.takeForNews() {
      if primary == nil { desk.finish(group, .failure(failure ?? reason)) } else { route(group) }
    }
  }
}
