internal import NIOCore

/// What a link tells its transport, on the loop.
protocol RedisNodeLinkUser: AnyObject {
  /// A connection is ready; what waits can be written.
  func linkIsUp(_ connection: RedisNodeConnection)
  /// The connection, or the attempt to make one, ended. What was written is lost; with `giveUp` the breaker is open,
  /// and what waits must not wait on.
  func linkIsDown(_ failure: RedisFailure, giveUp: Bool)
  /// The first or the last reply of the oldest group, and all before it, stand on `tape`.
  func receivedReply(_ tape: ReplyTape) -> ReplyUse
  /// A piece of what came at once is read and used; more of it may follow.
  func hasReadPiece(_ connection: RedisNodeConnection)
}

/// Keeps one connection to one server up: makes it, replaces it, and holds the circuit breaker.
final class RedisNodeLink: RedisNodeConnectionUser {
  private enum State {
    case idle
    case connecting(RedisNodeConnection)
    case ready(RedisNodeConnection)
    case backingOff
    case closed
  }

  /// A connection that lived as long was a good one, even if it was never used; nanoseconds.
  private static let provenAfter: Int64 = 1_000_000_000

  let address: RedisAddress
  private let connector: RedisConnector
  private let loop: any EventLoop
  private let clock: any LoopClock
  private var state = State.idle
  private var backoff: Backoff
  private var readySince: Int64 = 0
  /// Counts changes of state, so that a timer of an earlier one does nothing.
  private var generation = 0
  /// Why the breaker is open; nil while it is closed.
  private(set) var broken: RedisFailure?
  private(set) var lastFailure: RedisFailure?
  private(set) var connects = 0
  var user: (any RedisNodeLinkUser)?

  init(
    address: RedisAddress, connector: RedisConnector, loop: any EventLoop, clock: any LoopClock, seed: UInt64
  ) {
    self.address = address
    self.connector = connector
    self.loop = loop
    self.clock = clock
    backoff = Backoff(seed: seed)
  }

  /// The connection, if it is ready.
  var connection: RedisNodeConnection? {
    if case .ready(let connection) = state { connection } else { nil }
  }

  var isClosed: Bool {
    if case .closed = state { true } else { false }
  }

  var breaker: TransportHealth.Breaker {
    if broken == nil { return .closed }
    if case .connecting = state { return .trying }
    return .open
  }

  /// Begins to connect, if nothing was begun yet.
  func start() {
    if case .idle = state { connect() }
  }

  /// Throws the connection away for `failure` and opens the breaker.
  func breakOff(_ failure: RedisFailure) {
    guard case .ready(let connection) = state else { return }
    connection.close()
    down(failure, giveUp: true)
  }

  func close() {
    let connection: RedisNodeConnection? =
      switch state {
      case .connecting(let connection), .ready(let connection): connection
      case .idle, .backingOff, .closed: nil
      }
    state = .closed
    generation += 1
    user = nil
    connection?.close()
  }

  private func connect() {
    generation += 1
    let connection = RedisNodeConnection(address: address, connector: connector, user: self)
    state = .connecting(connection)
    let started = generation
    clock.schedule(after: connector.attemptLimit) { [self] in
      guard generation == started else { return }
      connection.fail(unconnected(within: "within \(connector.attemptLimit / 1_000_000) ms"))
    }
    connector.connect(connection, on: loop)
  }

  /// Why the attempt that is under way has made no connection `time`.
  func unconnected(within time: String) -> RedisFailure {
    var failure = RedisFailure(
      code: .unavailable, message: "redis at `\(address)` made no connection \(time)", mayHaveRun: false,
      hint: "is it overloaded, or behind a firewall?")
    // A server that does not speak TLS waits for the rest of a command.
    if case .connecting(let connection) = state, connection.isTaken, connector.configuration.tls != nil {
      failure.message = "redis at `\(address)` took the connection, but began no encryption \(time)"
      failure.hint = "does it speak TLS on this port? without, the URL begins with `redis` or `redis+…`"
    }
    return failure
  }

  private func down(_ failure: RedisFailure, giveUp: Bool) {
    generation += 1
    lastFailure = failure
    state = .backingOff
    if giveUp {
      var failure = failure
      failure.mayHaveRun = false
      broken = failure
    }
    let current = generation
    user?.linkIsDown(failure, giveUp: giveUp)
    // Those who hear of it may close the link.
    guard generation == current else { return }
    guard giveUp else { return connect() }
    clock.schedule(after: backoff.fail()) { [self] in
      if generation == current { connect() }
    }
  }

  func isReady(_ connection: RedisNodeConnection) {
    generation += 1
    state = .ready(connection)
    connects += 1
    broken = nil
    readySince = clock.now
    user?.linkIsUp(connection)
  }

  func receivedReply(_ connection: RedisNodeConnection, tape: ReplyTape) -> ReplyUse {
    backoff.succeed()
    return user?.receivedReply(tape) ?? .endOfGroup
  }

  func hasReadPiece(_ connection: RedisNodeConnection) { user?.hasReadPiece(connection) }

  func hasFailed(_ connection: RedisNodeConnection, _ failure: RedisFailure) {
    guard case .ready = state else { return down(failure, giveUp: true) }
    // A server that takes connections and drops them before it answered anything is not asked again at once.
    let wasGood = connection.hasServed || clock.now - readySince >= Self.provenAfter
    down(failure, giveUp: !wasGood)
  }
}
