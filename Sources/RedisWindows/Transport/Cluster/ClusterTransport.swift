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
  /// The bound on groups that no node has taken yet; bytes.
  package static let waitingBytesMax = 16 << 20
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
  var jitter: Jitter
  let refresh = MapRefresh()
  private var waiting = WaitingGroups()
  private var wakesAt = Int64.max
  private var inFlight = 0
  private var lastFailure: RedisFailure?
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
    jitter = Jitter(seed: seed)
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
    health.inFlight = inFlight
    health.lastFailure = lastFailure?.message ?? states.lazy.compactMap(\.lastFailure).first
    return health
  }

  /// Before a map was read: nothing has failed yet, or nobody could be asked.
  private var emptyState: TransportHealth.Breaker { refresh.hasFailed ? .open : .closed }

  package func send(
    _ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler
  ) {
    let key = commands.key
    let group = RoutedGroup(
      copy commands, slot: key.isEmpty ? nil : KeySlot.of(commands.bytes[key]), deadline: deadline,
      receive: receive)
    inFlight += 1
    if isClosed { return failLater(group, closedFailure) }
    route(group)
  }

  package func close() {
    guard !isClosed else { return }
    isClosed = true
    refresh.cancel()
    for node in nodes.values { node.close() }
    for (group, _) in waiting.takeAll() { finish(group, .failure(closedFailure)) }
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
    let failure = refresh.failure ?? ownerless(group)
    if refresh.hasFailed || !owners.isEmpty && refresh.isFresh(clock.now) { return failLater(group, failure) }
    wait(group, until: .news, failure)
    refreshMap()
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
    if redirection == nil && group.progress == nil { return finish(group, .success(replies)) }
    group.take(replies, asked: asked, isRefusal: Redirection.isRefusal)
    guard let redirection, let progress = group.progress, !progress.isDone else {
      return finish(group, .success(group.progress?.whole() ?? replies))
    }
    group.refusals += 1
    guard group.refusals < Self.refusalsMax, !isClosed else {
      return finish(group, .failure(refused(group, at: node)))
    }
    follow(redirection, group, from: node)
  }

  private func follow(_ redirection: Redirection, _ group: RoutedGroup, from node: any RedisNode) {
    switch redirection {
    case .moved(let slot, let address):
      learn(slot, address)
      refreshMap()
    case .ask(let address) where group.refusals <= 2:
      return transmit(group, to: self.node(at: address), asking: true)
    case .ask: break
    case .later: refreshMap()
    }
    // Two nodes may name each other for a moment: after two redirects each further one waits.
    if case .moved = redirection, group.refusals <= 2 { return route(group) }
    let pause = jitter.spread(1_000_000 << Int64(min(group.refusals, 5)))
    wait(group, until: .time(clock.now + pause), refused(group, at: node))
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
    lastFailure = failure
    let isGone = failure.code == .unavailable && !isClosed
    if isGone {
      refresh.suspect(node.address, clock.now)
      refreshMap()
    }
    guard isGone, !failure.mayHaveRun, !refresh.knows(node.address) else {
      return finish(group, .failure(failure))
    }
    wait(group, until: .news, failure)
  }

  private func finish(_ group: RoutedGroup, _ result: Result<Replies, RedisFailure>) {
    inFlight -= 1
    guard case .failure(var failure) = result else { return group.receive(result) }
    lastFailure = failure
    failure.mayHaveRun = failure.mayHaveRun || group.hasRun
    group.receive(.failure(failure))
  }

  /// Fails a group that was only just sent: not within `send`.
  private func failLater(_ group: RoutedGroup, _ failure: RedisFailure) {
    clock.schedule(after: 0) { self.finish(group, .failure(failure)) }
  }
}

// Groups that wait.
extension ClusterTransport {
  private func wait(_ group: RoutedGroup, until reason: WaitingGroups.Reason, _ failure: RedisFailure) {
    guard group.commands.bytes.count <= Self.waitingBytesMax - waiting.byteCount else {
      return failLater(group, failure)
    }
    waiting.append(group, until: reason, failure: failure)
    wake()
  }

  private func wake() {
    guard let due = waiting.nextDue, due < wakesAt else { return }
    wakesAt = due
    clock.schedule(after: max(0, due - clock.now)) { [weak self] in self?.look(at: due) }
  }

  private func look(at due: Int64) {
    guard due == wakesAt else { return }
    wakesAt = .max
    let now = clock.now
    for (group, failure) in waiting.takeDue(now) {
      if group.deadline <= now { finish(group, .failure(failure)) } else { route(group) }
    }
    wake()
  }

  /// Sends on what waited for a map, or fails it where there is still none.
  func newsArrived(_ failure: RedisFailure?) {
    for (group, reason) in waiting.takeForNews() {
      if let failure, owners.isEmpty { finish(group, .failure(failure)) } else { resume(group, reason) }
    }
    wake()
  }

  private func resume(_ group: RoutedGroup, _ reason: RedisFailure) {
    if owner(of: group) == nil { finish(group, .failure(reason)) } else { route(group) }
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
