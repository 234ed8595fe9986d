internal import Assay
package import NIOCore
package import RuleSets
internal import Windows

/// What is behind the sockets of a sidecar, without the sockets: for tests that choose themselves in which pieces bytes
/// come, when the store answers and when time passes. Windows are in memory. Used on the loop only.
///
/// The pages that a thread of its own makes (`/readyz`, `/metrics`, `/openapi.json`, entities, reloads) need a loop that
/// other threads may call.
package final class SocketlessServer {
  /// One for all: who makes many servers makes no metrics.
  private static let meters = DecisionMeters(PrometheusRegistry(descriptions: DecisionMeters.descriptions))

  private let loop: DecisionLoop

  /// Decides by `rules`, and takes the times of events for granted. `front` may put something before the engine.
  package init(
    _ rules: RuleSet, on eventLoop: any EventLoop, limits: SidecarConfiguration.Limits,
    front: @escaping @Sendable (any LoopEngine) -> any LoopEngine = { $0 }
  ) {
    let options = EngineOptions(clock: .replay, hashingKey: Array(repeating: 7, count: 32))
    var maker = EngineMaker(store: .memory(MemoryWindows(bytesMax: 1 << 20, shardCount: 1)), options: options)
    maker.front = front
    loop = DecisionLoop(eventLoop, maker: maker, rules: rules, limits: limits, meters: Self.meters)
  }

  /// How many are connected.
  package var clientCount: Int { loop.clientCount }
  /// Decisions that wait for the store.
  package var inFlight: Int { loop.inFlight }

  /// Serves whoever is at the other end of `channel`, whose first byte has not come yet.
  package func serve(_ channel: any Channel) throws {
    try channel.pipeline.syncOperations.addHandler(ProtocolSniffer(loop, Pages(server: NothingToTell())))
  }

  /// Looks at all connections as at `now`.
  package func sweep(at now: NIODeadline) { loop.sweep(at: now) }

  /// From now on connections end when nothing is under way on them.
  package func drain() { loop.drain() }
}

/// Pages of a server of which there is nothing to tell.
private struct NothingToTell: PageSource {
  func readiness() async -> Response { Response(json: []) }
  func metrics() async -> Response { Response(json: []) }
  func reload() async -> Response { Response(json: []) }
}
