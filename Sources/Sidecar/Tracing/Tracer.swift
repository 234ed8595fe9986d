internal import CoreMetrics
internal import NIOCore
internal import NIOPosix
internal import Windows

/// Records decisions for a collector of traces. Nobody waits for it: what it cannot take or send is dropped and counted.
final class Tracer: Sendable {
  /// Spans of one request to the collector.
  static let batchMax = 512
  private static let interval = TimeAmount.seconds(1)

  private let configuration: SidecarConfiguration.Traces
  private let meters: TraceMeters
  private let waiting = Guarded<[DecisionSpan]>([])
  private let state = Guarded(State())
  /// Not one that serves clients.
  private let eventLoop: any EventLoop

  private struct State {
    var isSending = false
    var timer: RepeatedTask?
  }

  init(_ configuration: SidecarConfiguration.Traces, _ meters: TraceMeters) {
    (self.configuration, self.meters) = (configuration, meters)
    eventLoop = MultiThreadedEventLoopGroup.singleton.next()
    let timer = eventLoop.scheduleRepeatedTask(initialDelay: Self.interval, delay: Self.interval) {
      [weak self] _ in self?.send()
    }
    state.withLock { $0.timer = timer }
  }

  /// Begins the span of a decision; nil where its trace is not recorded.
  func begin(_ parent: TraceContext?) -> DecisionSpan? {
    let context = parent ?? TraceContext(newWith: configuration.sampleRatio)
    return context.isSampled ? DecisionSpan(context) : nil
  }

  /// Takes a span that is finished.
  func end(_ span: DecisionSpan) {
    let count = waiting.withLock { waiting in
      if waiting.count >= configuration.queueMax { return 0 }
      waiting.append(span)
      return waiting.count
    }
    if count == 0 { meters.count(dropped: 1, .full) }
    if count == Self.batchMax { eventLoop.execute { [weak self] in self?.send() } }
  }

  /// Sends what is left, for as long as `limit`, and no more.
  func close(within limit: TimeAmount) async {
    state.withLock { $0.timer?.cancel() }
    let end = NIODeadline.now() + limit
    while NIODeadline.now() < end, isBusy {
      send()
      try? await Task.sleep(for: .milliseconds(5))
    }
    let left = waiting.withLock { waiting in
      defer { waiting.removeAll() }
      return waiting.count
    }
    if left > 0 { meters.count(dropped: left, .failed) }
  }

  private var isBusy: Bool {
    waiting.withLock { !$0.isEmpty } || state.withLock { $0.isSending }
  }

  /// Sends a batch, if none is under way.
  private func send() {
    let mayBegin = state.withLock { state in
      if state.isSending { return false }
      state.isSending = true
      return true
    }
    guard mayBegin else { return }
    let batch = waiting.withLock { waiting in
      let batch = Array(waiting.prefix(Self.batchMax))
      waiting.removeFirst(batch.count)
      return batch
    }
    guard !batch.isEmpty else { return state.withLock { $0.isSending = false } }
    eventLoop.execute { [self] in
      let request = CollectorRequest(endpoint: configuration.endpoint, body: SpanJSON.request(batch))
      request.send(on: eventLoop, timeout: .milliseconds(Int64(configuration.timeoutMilliseconds)))
        .whenComplete { [self] result in
          switch result {
          case .success: meters.exported.increment(by: batch.count)
          case .failure: meters.count(dropped: batch.count, .failed)
          }
          state.withLock { $0.isSending = false }
          // While a batch is waiting the collector gets it at once; one that failed has a pause first.
          if case .success = result, waiting.withLock({ $0.count >= Self.batchMax }) { send() }
        }
    }
  }
}

/// What became of spans.
struct TraceMeters: Sendable {
  /// Why a span is lost.
  enum Loss: String, CaseIterable {
    /// More wait than may.
    case full
    /// The collector is not there, too slow, or does not take them.
    case failed
  }

  let exported: Counter
  private let dropped: [Loss: Counter]

  init(_ registry: PrometheusRegistry) {
    exported = Counter(label: "assay_trace_spans_exported_total", dimensions: [], factory: registry)
    var dropped: [Loss: Counter] = [:]
    for loss in Loss.allCases {
      dropped[loss] = Counter(
        label: "assay_trace_spans_dropped_total", dimensions: [("reason", loss.rawValue)], factory: registry)
    }
    self.dropped = dropped
  }

  func count(dropped number: Int, _ loss: Loss) { dropped[loss]?.increment(by: number) }
}
