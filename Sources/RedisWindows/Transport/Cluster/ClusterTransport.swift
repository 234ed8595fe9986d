/// A Redis Cluster: each group goes to the node that serves its slot, all nodes at the same time.
///
/// - Nodes tell who serves a slot (`CLUSTER SLOTS`). The map is read when it is first needed, and again after a
///   redirect, after a node failed, and until every primary is well; never more often than every 50 to 100 ms.
/// - What a node refuses (MOVED, ASK, TRYAGAIN, CLUSTERDOWN, LOADING) was not executed there and is sent on within the
///   group's deadline: of a group of which a part was executed only the rest, and the replies are put together.
/// - A group for a node that cannot be reached waits for a map that was read after that was noticed. When that map
///   still names the node, the group fails, and so do the next ones at once, until a map names another.
/// - A group that was written and never answered may have been executed: it fails, and is not sent again.
package final class ClusterTransport: RedisTransport {
  /// The bound on refusals of one group.
  static let refusalsMax = 32

  let clock: any LoopClock
  let seeds: [RedisAddress]
  private let makeNode: (RedisAddress) -> any RedisNode
  private(set) var nodes: [RedisAddress: any RedisNode] = [:]
  /// The nodes of `map.primaries`, in that order.
  private(set) var owners: [any RedisNode] = []
  private(set) var map = SlotMap()
  private(set) var isClosed = false
  let rounds: NewsRounds
  var round: AskingRound?
  private let desk: GroupDesk
  /// Connections made to nodes that are gone.
  private var formerConnects = 0

  /// A cluster of which `seeds` are some nodes. `makeNode` is called once for each node that is talked to; `seed`
  /// decides the order in which nodes are asked for the map, and the jitter.
  package init(
    seeds: [RedisAddress], clock: any LoopClock, seed: UInt64 = UInt64.random(in: 0...UInt64.max),
    makeNode: @escaping (RedisAddress) -> any RedisNode
  ) {
    self.seeds = seeds
    self.clock = clock
    self.makeNode = makeNode
    desk = GroupDesk(clock: clock)
    rounds = NewsRounds(clock: clock, seed: seed)
    desk.route = { [weak self] in self?.route($0) }
    rounds.begin = { [weak self] in self?.beginRound() }
  }

  /// The nodes that serve slots, as far as is known.
  package var primaries: [any RedisNode] { owners }

  package var health: TransportHealth {
    var health = TransportHealth()
    let states = owners.map(\.health)
    // One shard that cannot be reached is enough for entities whose decisions cannot be made.
    health.breaker =
      states.contains { $0.breaker == .open }
      ? .open : states.contains { $0.breaker == .trying } ? .trying : owners.isEmpty ? emptyState : .closed
    let all = nodes.values.map(\.health)
    health.connections = all.reduce(0) { $0 + $1.connections }
    health.connects = all.reduce(formerConnects) { $0 + $1.connects }
    health.inFlight = desk.inFlight
    health.lastFailure = desk.lastFailure?.message ?? states.lazy.compactMap(\.lastFailure).first
    return health
  }

  /// Before a map was read: nothing has failed yet, or nobody could be asked.
  private var emptyState: TransportHealth.Breaker { rounds.failure == nil ? .closed : .open }

  package func send(
    _ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler
  ) {
    let group = desk.open(
      copy commands, slot: commands.key.isEmpty ? nil : KeySlot.of(commands.routingKey), deadline: deadline,
      receive: receive)
    if isClosed { return desk.failLater(group, closedFailure) }
    route(group)
  }

  package func close() {
    guard !isClosed else { return }
    isClosed = true
    rounds.stop()
    round?.cancel()
    for node in nodes.values { node.close() }
    desk.failAll(closedFailure)
  }

  private var closedFailure: RedisFailure {
    RedisFailure(
      code: .unavailable, message: "the cluster's connections were given up here", mayHaveRun: false)
  }

  func node(at address: RedisAddress) -> any RedisNode {
    if let node = nodes[address] { return node }
    let node = makeNode(address)
    nodes[address] = node
    return node
  }
}

// The way of a group.
extension ClusterTransport {
  private func route(_ group: RoutedGroup) {
    if let node = owner(of: group) { return transmit(group, to: node, asking: false) }
    let failure = rounds.failure ?? ownerless(group)
    // What was asked a moment ago is not waited for again.
    if rounds.failure != nil || rounds.isFresh { return desk.failLater(group, failure) }
    desk.wait(group, until: .news, failure)
    rounds.request()
  }

  private func owner(of group: RoutedGroup) -> (any RedisNode)? {
    guard let slot = group.slot else {
      return owners.first { $0.health.breaker == .closed } ?? owners.first
    }
    return map.owner(of: slot).map { owners[$0] }
  }

  private func ownerless(_ group: RoutedGroup) -> RedisFailure {
    RedisFailure(
      code: .unavailable,
      message: owners.isEmpty
        ? "no node of the redis cluster told in time who serves which slot"
        : "no node of the redis cluster serves slot \(group.slot ?? 0)",
      mayHaveRun: false, hint: "see `CLUSTER INFO` and `CLUSTER SLOTS`")
  }

  private func transmit(_ group: RoutedGroup, to node: any RedisNode, asking: Bool) {
    let commands = group.unanswered(asking: asking)
    let count = commands.count
    node.send(commands, deadline: group.deadline) { result in
      switch result {
      case .success(let replies): self.answered(group, by: node, replies, asked: asking, count: count)
      case .failure(let failure): self.failed(group, at: node, failure)
      }
    }
  }

  private func answered(
    _ group: RoutedGroup, by node: any RedisNode, _ replies: Replies, asked: Bool, count: Int
  ) {
    let redirection = Redirection.last(of: count, in: replies, from: node.address)
    if redirection == nil && group.progress == nil { return desk.finish(group, .success(replies)) }
    group.take(replies, asked: asked, isRefusal: Redirection.isRefusal)
    guard let redirection, let progress = group.progress, !progress.isDone else {
      return desk.finish(group, .success(group.progress?.whole() ?? replies))
    }
    group.refusals += 1
    guard group.refusals < Self.refusalsMax, !isClosed else {
      return desk.finish(group, .failure(refused(group, at: node)))
    }
    follow(redirection, group, from: node)
  }

  private func follow(_ redirection: Redirection, _ group: RoutedGroup, from node: any RedisNode) {
    switch redirection {
    case .moved(let slot, let address):
      learn(slot, address)
      rounds.request()
    case .ask(let address) where group.refusals <= 2:
      return transmit(group, to: self.node(at: address), asking: true)
    case .ask: break
    case .later: rounds.request()
    }
    // Two nodes may name each other for a moment: after two redirects each further one waits.
    if case .moved = redirection, group.refusals <= 2 { return route(group) }
    let pause = rounds.jitter.spread(1_000_000 << Int64(min(group.refusals, 5)))
    desk.wait(group, until: .time(clock.now + pause), refused(group, at: node))
  }

  private func refused(_ group: RoutedGroup, at node: any RedisNode) -> RedisFailure {
    RedisFailure(
      code: .unavailable,
      message:
        "the redis cluster is down or moving slot \(group.slot ?? 0); last refused by `\(node.address)`",
      mayHaveRun: group.hasRun, hint: "see `CLUSTER INFO`")
  }

  private func learn(_ slot: Int, _ address: RedisAddress) {
    if !map.move(slot, to: address) { owners.append(node(at: address)) }
  }

  private func failed(_ group: RoutedGroup, at node: any RedisNode, _ failure: RedisFailure) {
    let isGone = failure.code == .unavailable && !isClosed
    if isGone {
      rounds.suspect(node.address)
      rounds.request()
    }
    guard isGone, !failure.mayHaveRun, !rounds.knows(node.address) else {
      return desk.finish(group, .failure(failure))
    }
    desk.wait(group, until: .news, failure)
  }
}

// Maps.
extension ClusterTransport {
  /// Sends on what waited for a map, or fails it where there is still none.
  func newsArrived(_ failure: RedisFailure?) {
    for (group, reason) in desk.takeForNews() {
      if owner(of: group) == nil {
        desk.finish(group, .failure(failure ?? reason))
      } else {
        route(group)
      }
    }
  }

  /// Takes on a map that a node told, and lets go of nodes that are not of the cluster any more.
  func adopt(_ newMap: SlotMap) {
    map = newMap
    owners = newMap.primaries.map { node(at: $0) }
    let known = Set(newMap.primaries).union(newMap.replicas)
    for (address, node) in nodes where !known.contains(address) && node.health.inFlight == 0 {
      nodes[address] = nil
      formerConnects += node.health.connects
      // Not at once: this may run in a reply of that very node.
      clock.schedule(after: 0) { node.close() }
    }
  }
}
