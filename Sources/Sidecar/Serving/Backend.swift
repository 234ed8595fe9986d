internal import Assay
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RedisWindows
internal import RuleSets
internal import Synchronization
internal import Windows

/// What decides behind the listening sockets: an engine for each event loop, over the same windows.
final class Backend: Sendable {
  let loops: [NIOLoopBound<DecisionLoop>]
  /// Empty where the windows are in memory.
  let stores: [RedisWindows]
  let memory: MemoryWindows
  let registry: PrometheusRegistry
  let meters: DecisionMeters
  let tracer: Tracer?
  let folder: String
  let configuration: SidecarConfiguration
  /// What the rules said when the stores were made.
  let durability: Durability
  let logger: Logger
  let turns = Turns()
  private let draining = Atomic(false)

  /// Connects to nothing yet; fails where certificates or passwords cannot be read.
  init(
    _ configuration: SidecarConfiguration, rules: RuleSet, folder: String,
    group: MultiThreadedEventLoopGroup, logger: Logger
  ) async throws {
    (self.folder, self.configuration, self.logger) = (folder, configuration, logger)
    durability = rules.durability
    let registry = PrometheusRegistry(descriptions: DecisionMeters.descriptions)
    let meters = DecisionMeters(registry)
    (self.registry, self.meters) = (registry, meters)
    let traceMeters = TraceMeters(registry)
    let tracer = configuration.traces.map { Tracer($0, traceMeters) }
    self.tracer = tracer
    let options = EngineOptions(hashingKey: configuration.hashingKey ?? Self.randomKey)
    memory = MemoryWindows(bytesMax: configuration.memoryBytesMax)
    let ingestion = try await Self.ingestion(at: configuration.ingestPath)
    var loops: [NIOLoopBound<DecisionLoop>] = []
    var stores: [RedisWindows] = []
    for eventLoop in group.makeIterator() {
      var store = EngineMaker.Store.memory(memory)
      if let redis = configuration.redis {
        let windows = try await RedisWindows.connect(redis, on: eventLoop)
        stores.append(windows)
        store = .redis(windows, deadline: .milliseconds(Int64(redis.timeoutMilliseconds)))
      }
      let maker = EngineMaker(store: store, options: options)
      let limits = configuration.limits
      let loop = try await eventLoop.submit {
        let loop = DecisionLoop(
          eventLoop, maker: maker, rules: rules, limits: limits, meters: meters, tracer: tracer)
        loop.ingestion = ingestion
        loop.sweep(every: .seconds(1))
        return NIOLoopBound(loop, eventLoop: eventLoop)
      }.get()
      loops.append(loop)
    }
    (self.loops, self.stores) = (loops, stores)
    meters.tell(rules)
  }

  /// Windows in memory need no key that others know.
  private static var randomKey: [UInt8] { (0..<32).map { _ in UInt8.random(in: .min ... .max) } }

  /// Whether the server is to stop.
  var isDraining: Bool { draining.load(ordering: .relaxed) }

  /// From now on connections end when nothing is under way on them.
  func drain() async {
    draining.store(true, ordering: .relaxed)
    for loop in loops { await run(on: loop) { $0.drain() } }
  }

  /// How many clients are connected.
  func clientCount() async -> Int {
    var sum = 0
    for loop in loops { sum += await run(on: loop) { $0.clientCount } ?? 0 }
    return sum
  }

  /// Does something on a loop; nil when the loop is gone.
  @discardableResult
  func run<Result: Sendable>(
    on loop: NIOLoopBound<DecisionLoop>, _ body: @escaping @Sendable (DecisionLoop) -> Result
  ) async -> Result? {
    try? await loop.eventLoop.submit { body(loop.value) }.get()
  }

  /// The loop that a connection belongs to.
  func loop(of channel: any Channel) -> DecisionLoop? {
    loops.first { $0.eventLoop === channel.eventLoop }?.value
  }
}
