internal import Assay
internal import CoreMetrics
internal import Ingest
internal import NIOCore
internal import RuleSets

/// Decides for the clients of one event loop, and holds how much of that is under way. Used on the loop only.
final class DecisionLoop {
  let eventLoop: any EventLoop
  let limits: SidecarConfiguration.Limits
  private let maker: EngineMaker
  private let meters: DecisionMeters
  private let tracer: Tracer?
  /// What decides now. An answer under way stays with the engine that began it.
  private(set) var engine: any LoopEngine
  /// What tells of entities, by the same rules; made when somebody asks.
  private(set) lazy var reader = maker.makeReader(engine.rules)
  /// What reads vendors' messages; nil where nothing is configured.
  var ingestion: Ingestion?
  /// Decisions that wait for the store.
  private(set) var inFlight = 0
  private var concurrency: ConcurrencyLimit
  /// Who is to be called when there is room.
  private var line: CircularBuffer<() -> Void> = []
  /// The server is to stop: whoever has an answer goes.
  var isDraining: Bool { drainStart != nil }
  private var drainStart: NIODeadline?
  private var clients: [ObjectIdentifier: any Client] = [:]

  init(
    _ eventLoop: any EventLoop, maker: EngineMaker, rules: RuleSet, limits: SidecarConfiguration.Limits,
    meters: DecisionMeters, tracer: Tracer? = nil
  ) {
    (self.eventLoop, self.maker, self.limits, self.meters) = (eventLoop, maker, limits, meters)
    self.tracer = tracer
    concurrency = ConcurrencyLimit(most: limits.inFlightMax, deadline: maker.store.deadline)
    engine = maker.make(rules)
  }

  /// Whether one more may wait for the store. Where the answer is there at once none waits.
  var hasRoom: Bool { inFlight < concurrency.value }
  /// Calls `wake` on the loop when a decision has been answered and there is room. Only where there is none now: then
  /// some decision is under way.
  func whenThereIsRoom(_ wake: @escaping () -> Void) { line.append(wake) }

  private func callInLine() {
    guard hasRoom else { return }
    let called = line
    line = []
    for wake in called { wake() }
  }

  /// Counts a vendor's message, by what became of it.
  func countMessage(from source: IngestSource, _ result: String) {
    meters.countMessage(source: source.rawValue, result: result)
  }

  /// How many may wait for the store at once.
  var inFlightLimit: Int { concurrency.value }

  /// From the next event on decides by `rules`.
  func use(_ rules: RuleSet) {
    engine = maker.make(rules)
    reader = maker.makeReader(rules)
  }

  /// Decides one event. Returns the answer if it is there; otherwise nil, and calls `resume` on the loop, now or later.
  func decide(
    _ json: Span<UInt8>, id: String? = nil, parent: TraceContext? = nil,
    resume: @escaping @Sendable (Answer) -> Void
  ) -> Answer? {
    if !hasRoom {
      meters.shed.increment()
      return .problem(.overloaded)
    }
    let start = NIODeadline.now()
    let span = tracer?.begin(parent)
    let loop = NIOLoopBound(self, eventLoop: eventLoop)
    inFlight += 1
    let result = engine.decide(json, id: id) { result in
      let loop = loop.value
      let now = NIODeadline.now()
      loop.concurrency.note(now - start, inFlight: loop.inFlight, at: now)
      loop.inFlight -= 1
      loop.callInLine()
      resume(loop.answer(result, after: now - start, span))
    }
    guard let result else { return nil }
    inFlight -= 1
    return answer(result, after: NIODeadline.now() - start, span)
  }

  private func answer(
    _ result: Result<Decision, EventRefusal>, after latency: TimeAmount, _ span: DecisionSpan?
  ) -> Answer {
    let answer: Answer
    switch result {
    case .success(let decision):
      meters.record(decision, nanoseconds: latency.nanoseconds)
      answer = .decision(decision)
    case .failure(let refusal):
      meters.record(refusal)
      answer = .problem(Problem(refusal))
    }
    if var span {
      span.finish(answer)
      tracer?.end(span)
    }
    return answer
  }
}

/// Whoever is connected.
protocol Client: AnyObject {
  /// Closes the connection if it has been silent for too long, or if the server is to stop and nothing is left to do.
  func sweep(_ now: NIODeadline)
}

extension DecisionLoop {
  /// How many are connected to this loop.
  var clientCount: Int { clients.count }

  /// Whether a client that still comes with something new is told to go. What came before the server was to stop is
  /// not, and neither is what was sent with it.
  var sendsAway: Bool { drainStart.map { .now() - $0 > .milliseconds(100) } ?? false }

  /// Whether a client that was heard of last at `last`, and has nothing under way, has been silent for too long. When the
  /// server is to stop that is soon, but what is being sent in that moment is waited for.
  func isSilent(since last: NIODeadline, now: NIODeadline, milliseconds: Int? = nil) -> Bool {
    if let drainStart { return now - max(last, drainStart) > .milliseconds(50) }
    return now - last > .milliseconds(Int64(milliseconds ?? limits.idleMilliseconds))
  }

  /// A client came.
  func add(_ client: some Client) {
    clients[ObjectIdentifier(client)] = client
  }

  /// A client is gone.
  func remove(_ client: some Client) {
    clients[ObjectIdentifier(client)] = nil
  }

  /// Lets no client stay that has nothing under way: looks every few milliseconds until all are gone.
  func drain() {
    drainStart = .now()
    sweep(every: .milliseconds(10))
  }

  /// Looks at all clients now and then for as long as the loop runs.
  func sweep(every interval: TimeAmount) {
    let loop = NIOLoopBound(self, eventLoop: eventLoop)
    eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
      loop.value.sweep(at: .now())
    }
  }

  /// Looks at all clients as at `now`.
  func sweep(at now: NIODeadline) {
    for client in clients.values { client.sweep(now) }
  }
}
