/// Called once with the replies to a group of commands or with why there are none, on the loop, never within `send`.
/// The replies are valid until it returns.
package typealias ReplyHandler = (Result<Replies, RedisFailure>) -> Void

/// Carries commands to Redis, wherever their keys live, and the replies back. All calls are made on the one loop that
/// the transport belongs to.
///
/// What is sent in one turn of the loop goes out in one write for each connection. Groups for the same slot are
/// executed in the order in which they were sent, unless a cluster redirects one of them. A redirected group is sent
/// on within its deadline: it was not executed where it was refused.
package protocol RedisTransport: AnyObject {
  /// Sends `commands` back to back on one connection; waits for a connection where there is none, until `deadline`
  /// (nanoseconds of the loop's clock). Exactly one call of `receive` follows; after a failure that says
  /// `mayHaveRun` the commands may still be executed.
  func send(_ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler)

  /// How the transport is doing now.
  var health: TransportHealth { get }

  /// Lets go of all connections; groups still waiting fail with `unavailable`.
  func close()
}

/// How a transport is doing, for readiness and metrics.
package struct TransportHealth: Sendable, Equatable {
  /// Of the circuit breaker; a cluster reports the worst of its primaries.
  package enum Breaker: String, Sendable {
    /// Commands are sent.
    case closed
    /// The server failed: commands fail at once, until a trial connection succeeds.
    case open
    /// A trial is under way.
    case trying
  }
  /// The circuit breaker's state.
  package var breaker: Breaker = .closed
  /// Connections that are up.
  package var connections = 0
  /// Connections made since the start.
  package var connects = 0
  /// Groups sent and not answered yet.
  package var inFlight = 0
  /// The last failure's sentence, if any.
  package var lastFailure: String?

  /// A transport that has done nothing yet.
  package init() {}
}

/// One server, known by its address: what transports for clusters and sentinels are made of.
package protocol RedisNode: RedisTransport {
  /// Where the server is.
  var address: RedisAddress { get }
}

/// The loop's time and timers, so that a simulation can have its own.
package protocol LoopClock: AnyObject {
  /// Nanoseconds of a clock that only goes forward.
  var now: Int64 { get }
  /// Calls `body` on the loop once, after `delay` nanoseconds.
  func schedule(after delay: Int64, _ body: @escaping () -> Void)
}
