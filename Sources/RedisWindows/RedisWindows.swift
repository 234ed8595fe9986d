internal import Events
public import NIOCore
internal import NIOPosix
public import Windows

/// Entity logs in Redis, shared by every process with the same configuration, rules and hashing key: exact windows, one
/// round trip for an event.
///
/// Visits may come from any thread; they are worked on by one event loop, where their callers are resumed. A caller that
/// is on that loop already pays for no hop.
public final class RedisWindows: WindowStore {
  /// The loop that the connections belong to.
  public let eventLoop: any EventLoop
  private let core: NIOLoopBound<RedisCore>

  private init(eventLoop: any EventLoop, core: NIOLoopBound<RedisCore>) {
    self.eventLoop = eventLoop
    self.core = core
  }

  /// A store on a loop of the process' own, or on `eventLoop`. Reads certificates, connects to nothing: the first visit
  /// does.
  public static func connect(
    _ configuration: RedisConfiguration, on eventLoop: (any EventLoop)? = nil
  ) async throws -> RedisWindows {
    try await make(configuration, on: eventLoop).get()
  }

  /// The same for callers that may block, which a caller on an event loop may not.
  package static func connectAndWait(
    _ configuration: RedisConfiguration, on eventLoop: (any EventLoop)? = nil
  ) throws -> RedisWindows {
    try make(configuration, on: eventLoop).wait()
  }

  private static func make(
    _ configuration: RedisConfiguration, on eventLoop: (any EventLoop)?
  ) throws -> EventLoopFuture<RedisWindows> {
    let connector = try RedisConnector(configuration)
    let loop = eventLoop ?? MultiThreadedEventLoopGroup.singleton.next()
    return loop.submit {
      let transport = try connector.makeTransport(on: loop)
      let core = RedisCore(
        transport: transport, clock: NIOLoopClock(loop), settings: StoreSettings(configuration))
      return RedisWindows(eventLoop: loop, core: NIOLoopBound(core, eventLoop: loop))
    }
  }

  /// Claims the id, appends and reads in one round trip; never finished at once.
  public func exchange(
    _ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void
  ) -> Visit? {
    if eventLoop.inEventLoop {
      core.value.exchange(visit, finish: resume)
    } else {
      let visit = visit
      eventLoop.execute { [core] in core.value.exchange(visit, finish: resume) }
    }
    return nil
  }

  /// Appends an exclusion to each of the event's logs whose plan counts accepted events; finished when acknowledged,
  /// or kept to be appended later.
  public func exclude(
    _ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void
  ) -> Visit? {
    if eventLoop.inEventLoop {
      core.value.exclude(visit, finish: resume)
    } else {
      let visit = visit
      eventLoop.execute { [core] in core.value.exclude(visit, finish: resume) }
    }
    return nil
  }

  /// Sends the decision to be remembered, along with whatever goes out next.
  public func remember(_ visit: borrowing Visit, decision: [UInt8]) {
    if eventLoop.inEventLoop {
      core.value.remember(visit, decision: decision)
    } else {
      let visit = copy visit
      eventLoop.execute { [core] in core.value.remember(visit, decision: decision) }
    }
  }

  /// What was done so far, and what waits.
  public func statistics() async throws -> RedisStatistics {
    try await eventLoop.submit { [core] in core.value.report }.get()
  }

  /// Waits until Redis has all that no decision waited for: remembered decisions, and what had to be appended later.
  public func drain() async {
    await withCheckedContinuation { continuation in drain { continuation.resume() } }
  }

  /// The same for callers that are not asynchronous: `done` is called on the loop.
  package func drain(_ done: @escaping @Sendable () -> Void) {
    eventLoop.execute { [core] in core.value.drain(done) }
  }

  /// Removes every key that this store wrote, if its namespace is temporary; tells how many may be left.
  package func removeWritten() async -> Int {
    await withCheckedContinuation { continuation in
      eventLoop.execute { [core] in core.value.removeWritten { continuation.resume(returning: $0) } }
    }
  }

  /// Why the first of the degraded decisions is, with the way out; nil where none is.
  package func firstDegradation() async throws -> StoreFailure? {
    try await eventLoop.submit { [core] in core.value.firstDegradation }.get()
  }

  /// How the connections are doing.
  package func health() async throws -> TransportHealth {
    try await eventLoop.submit { [core] in core.value.health }.get()
  }

  /// Runs `body` with the store's inside, on its loop; for tools that read logs without a visit.
  package func withCore<Result: Sendable>(
    _ body: @escaping @Sendable (RedisCore) throws -> Result
  ) -> EventLoopFuture<Result> {
    eventLoop.submit { [core] in try body(core.value) }
  }

  /// Lets go of all connections. Events that wait to be appended are lost, and counted so.
  public func close() {
    eventLoop.execute { [core] in core.value.close() }
  }
}
