internal import Glibc
internal import NIOCore

extension RedisWindows {
  /// Looks at the servers: their versions and settings, and whether the windows' commands work there. For the start and
  /// for readiness; takes a few round trips, writes keys of its own that expire after ten seconds.
  public func report(within timeout: Duration = .seconds(1)) async throws -> RedisReport {
    let (seconds, rest) = timeout.components
    let limit = min(max(seconds, 0), 3_600) * 1_000_000_000 + max(rest, 0) / 1_000_000_000
    let promise = eventLoop.makePromise(of: RedisReport.self)
    let begun = withCore { core in
      var settings = ServerInspection.Settings(
        namespace: core.settings.namespace, nonce: UInt64.random(in: 0...UInt64.max),
        wallClock: Self.wallClock)
      settings.timeout = max(limit, 1_000_000)
      settings.waitsForReplica = core.settings.waitsForReplica
      ServerInspection.run(core.transport, clock: core.clock, settings: settings) { promise.succeed($0) }
    }
    begun.whenFailure { promise.fail($0) }
    return try await promise.futureResult.get()
  }

  private static let wallClock: @Sendable () -> Int64 = {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000 &+ Int64(time.tv_nsec) / 1_000_000
  }
}
