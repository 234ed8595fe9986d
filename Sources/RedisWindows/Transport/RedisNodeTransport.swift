package import NIOCore

/// One server over one connection that is made when it is first needed, and made again whenever it is lost.
///
/// - What is sent in one turn of the loop is gathered in one buffer and goes out in one write at the turn's end, or
///   between two pieces of a large read: otherwise all that is in flight would go to and fro in one lump, and client
///   and server would wait for each other in turn.
/// - A group waits for a connection and for its replies until its own deadline, then it fails with `late`; replies
///   that come after that are swallowed. One timer serves all groups.
/// - A connection that was lost is replaced at once. If that fails the breaker opens: groups fail without waiting,
///   and a trial connection is made after 5 to 10 ms, then after about twice as long each time, at most 250 ms.
/// - A server that takes commands and answers none is found by `answerlessTimeouts`.
///
/// A transport that is dropped without `close` keeps its connection.
package final class RedisNodeTransport: RedisNode {
  /// How long a connection lives while its oldest group is late and no reply comes: this many times the
  /// configuration's timeout, from the moment when the group is seen to be late. Then it is thrown away, and all
  /// groups fail.
  package static let answerlessTimeouts: Int64 = 4
  /// Deadlines are enforced to this; nanoseconds. Bounds the work of timers at a server that answers nothing.
  private static let timerGrain: Int64 = 500_000
  /// What is worth a write of its own before a turn ends: as much as Redis reads at once.
  private static let earlyWriteBytes = 16_384
  /// Room for commands that is kept from one turn to the next.
  private static let idleBytesMax = 1 << 20

  private let link: RedisNodeLink
  private let loop: any EventLoop
  private let clock: any LoopClock
  private let pendingBytesMax: Int
  private let answerlessLimit: Int64
  // Handlers are called between changes of these two, never within one: the checks of that are left out.
  @safe @exclusivity(unchecked) private var groups = PendingGroups()
  /// The commands of the groups that wait to be written, back to back.
  @safe @exclusivity(unchecked) private var unwritten = ByteBuffer()
  private var isTurnEndDue = false
  private var rejected: [(receive: ReplyHandler, failure: RedisFailure)] = []
  private var armedFor = Int64.max
  private var replyCount = 0
  /// Since when the oldest group was late without any reply, and how many there had been.
  private var stall: (replyCount: Int, since: Int64)?

  /// A transport on `loop`, where all its calls are made. Nothing is connected before the first group. `seed` decides
  /// the jitter of attempts to connect.
  package init(
    address: RedisAddress, connector: RedisConnector, loop: any EventLoop,
    seed: UInt64 = UInt64.random(in: 0...UInt64.max)
  ) {
    self.loop = loop
    clock = NIOLoopClock(loop)
    link = RedisNodeLink(address: address, connector: connector, loop: loop, clock: clock, seed: seed)
    pendingBytesMax = connector.configuration.pendingBytesMax
    let timeout = Int64(clamping: connector.configuration.timeoutMilliseconds)
    answerlessLimit = min(max(timeout, 1), 60_000) * 1_000_000 * Self.answerlessTimeouts
    link.user = self
  }

  package var address: RedisAddress { link.address }

  package var health: TransportHealth {
    var health = TransportHealth()
    health.breaker = link.breaker
    health.connections = link.connection == nil ? 0 : 1
    health.connects = link.connects
    health.inFlight = groups.liveCount + rejected.count
    health.lastFailure = link.lastFailure?.message
    return health
  }

  package func send(
    _ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler
  ) {
    precondition(commands.count > 0, "a group has at least one command")
    let byteCount = commands.byteCount
    if let failure = refusal(byteCount) {
      rejected.append((receive, failure))
    } else {
      unwritten.writeBytes(commands.rawBytes)
      groups.append(
        PendingGroup(
          receive: receive, deadline: deadline, replyCount: commands.count, byteCount: byteCount))
      wake(at: deadline)
    }
    guard !isTurnEndDue else { return }
    isTurnEndDue = true
    loop.assumeIsolated().execute { self.endTurn() }
  }

  package func close() {
    guard !link.isClosed else { return }
    link.close()
    failWritten(closedFailure)
    failWaiting(closedFailure)
    failRejected()
  }

  private var closedFailure: RedisFailure {
    RedisFailure(code: .unavailable, message: "the connection to redis was given up here", mayHaveRun: false)
  }

  /// Why a group is not even taken on; its handler is called at the end of the turn.
  private func refusal(_ byteCount: Int) -> RedisFailure? {
    if link.isClosed { return closedFailure }
    if let broken = link.broken { return broken }
    guard byteCount > pendingBytesMax - groups.byteCount else { return nil }
    return RedisFailure(
      code: .unavailable,
      message: "more than \(pendingBytesMax) bytes of commands wait for redis at `\(address)`",
      mayHaveRun: false, hint: "raise `pending_bytes_max`, or let fewer clients ask at once")
  }

  /// Everything that one turn of the loop gathered is acted on once, at its end.
  private func endTurn() {
    isTurnEndDue = false
    if !rejected.isEmpty { failRejected() }
    if let connection = link.connection { write(connection) } else { link.start() }
  }

  private func write(_ connection: RedisNodeConnection) {
    guard groups.hasWaiting else { return }
    if groups.lateWaitingCount > 0 {
      var kept = ByteBuffer()
      groups.dropLateWaiting { range in
        if var part = unwritten.getSlice(at: range.lowerBound, length: range.count) {
          kept.writeBuffer(&part)
        }
      }
      unwritten = kept
    }
    groups.markWritten()
    // A write may find the connection closed and fail all groups there and then; those who hear of it may send anew,
    // and what they send must not be cleared away with what was written.
    var written = ByteBuffer()
    swap(&written, &unwritten)
    if written.readableBytes > 0 { connection.write(written) }
    guard unwritten.readableBytes == 0 && written.capacity <= Self.idleBytesMax else { return }
    written.clear()
    unwritten = written
  }
}

// Deadlines.
extension RedisNodeTransport {
  /// Has the groups looked at when `time` comes. A timer that was set for a later time before stays and does nothing.
  private func wake(at time: Int64) {
    guard time < armedFor else { return }
    armedFor = time
    let now = clock.now
    clock.schedule(after: time > now ? max(time - now, Self.timerGrain) : Self.timerGrain) { [self] in look()
    }
  }

  private func look() {
    let now = clock.now
    guard now >= armedFor else { return }
    armedFor = .max
    var late: [(receive: ReplyHandler, wasWritten: Bool)] = []
    let next = groups.expire(now, into: &late)
    if next != .max { wake(at: next) }
    for (receive, wasWritten) in late { receive(.failure(lateFailure(wasWritten))) }
    watchForStall(now)
  }

  private func lateFailure(_ wasWritten: Bool) -> RedisFailure {
    guard wasWritten else {
      var failure = link.unconnected(within: "in time")
      failure.code = .late
      return failure
    }
    return RedisFailure(
      code: .late, message: "redis at `\(address)` did not answer in time", mayHaveRun: true)
  }

  private func watchForStall(_ now: Int64) {
    guard groups.oldestIsLate else {
      stall = nil
      return
    }
    if let stall, stall.replyCount == replyCount {
      if now - stall.since >= answerlessLimit {
        self.stall = nil
        return link.breakOff(
          RedisFailure(
            code: .unavailable, message: "redis at `\(address)` has stopped answering", mayHaveRun: true,
            hint: "is it stopped, or busy with a slow command? see `SLOWLOG`"))
      }
      return wake(at: stall.since + answerlessLimit)
    }
    stall = (replyCount, now)
    wake(at: now + answerlessLimit)
  }
}

extension RedisNodeTransport: RedisNodeLinkUser {
  func linkIsUp(_ connection: RedisNodeConnection) { write(connection) }

  func hasReadPiece(_ connection: RedisNodeConnection) {
    if unwritten.readableBytes >= Self.earlyWriteBytes { write(connection) }
  }

  func linkIsDown(_ failure: RedisFailure, giveUp: Bool) {
    stall = nil
    failWritten(failure)
    if giveUp, let broken = link.broken { failWaiting(broken) }
  }

  func receivedReply(_ tape: ReplyTape) -> ReplyUse {
    var receive: ReplyHandler?
    let use = groups.takeReply(&receive)
    replyCount &+= 1
    receive?(.success(Replies(tape: tape, first: 0)))
    return use
  }

  private func failWritten(_ failure: RedisFailure) {
    var failure = failure
    failure.mayHaveRun = true
    for receive in groups.removeWritten() { receive(.failure(failure)) }
  }

  /// Fails the groups that were never written.
  private func failWaiting(_ failure: RedisFailure) {
    let handlers = groups.removeWaiting()
    unwritten.clear()
    for receive in handlers { receive(.failure(failure)) }
  }

  private func failRejected() {
    let taken = rejected
    rejected = []
    for (receive, failure) in taken { receive(.failure(failure)) }
  }
}
