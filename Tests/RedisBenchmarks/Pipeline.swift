import Assay
import Dispatch
import Glibc
import NIOCore
import RedisWindows
import Windows

/// Takes events through an engine over Redis, so many in flight at once, from JSON to the decision's JSON, all on the
/// store's event loop as a server would.
final class Pipeline {
  private let engine: Engine<RedisWindows>
  private let events: ArraySlice<[UInt8]>
  private let inFlight: Int
  private let firstMeasured: Int
  private let done: (Outcome) -> Void
  private var started = 0
  private var finished = 0
  private var sentAt: [Int64]
  private var output: [UInt8] = []
  private var begin = Outcome()
  private var outcome = Outcome()

  /// What a run took.
  struct Outcome: Sendable {
    var wallSeconds = 0.0
    /// Of the loop's thread.
    var processorSeconds = 0.0
    var degraded = 0
    var bytes = 0
    /// Of each measured decision; nanoseconds.
    var latencies: [Int64] = []
  }

  private init(
    _ engine: Engine<RedisWindows>, _ events: ArraySlice<[UInt8]>, inFlight: Int, firstMeasured: Int,
    done: @escaping (Outcome) -> Void
  ) {
    self.engine = engine
    self.events = events
    self.inFlight = inFlight
    self.firstMeasured = firstMeasured
    self.done = done
    sentAt = Array(repeating: 0, count: events.count)
    outcome.latencies.reserveCapacity(events.count)
  }

  /// Runs to the end; what comes before `firstMeasured` is warm-up.
  static func run(
    _ engine: Engine<RedisWindows>, _ events: ArraySlice<[UInt8]>, inFlight: Int, firstMeasured: Int
  ) throws -> Outcome {
    let promise = engine.store.eventLoop.makePromise(of: Outcome.self)
    engine.store.eventLoop.execute {
      let pipeline = Pipeline(
        engine, events, inFlight: inFlight, firstMeasured: firstMeasured, done: promise.succeed)
      let bound = NIOLoopBound(pipeline, eventLoop: engine.store.eventLoop)
      for _ in 0..<min(inFlight, events.count) { pipeline.send(bound) }
    }
    return try promise.futureResult.wait()
  }

  private func send(_ bound: NIOLoopBound<Pipeline>) {
    guard started < events.count else { return }
    let number = started
    started += 1
    sentAt[number] = Self.nanoseconds(CLOCK_MONOTONIC)
    do {
      let json = events[number]
      let event = try engine.decode(json.span)
      _ = engine.submit(event) { bound.value.receive($0, number, bound) }
    } catch {
      preconditionFailure("an event of the benchmark was refused: \(error)")
    }
  }

  private func receive(
    _ answer: Engine<RedisWindows>.Answer, _ number: Int, _ bound: NIOLoopBound<Pipeline>
  ) {
    guard case .success(let decision) = answer else {
      preconditionFailure("an event of the benchmark was refused: \(answer)")
    }
    output.removeAll(keepingCapacity: true)
    decision.write(to: &output)
    outcome.bytes += output.count
    if decision.degraded != nil { outcome.degraded += 1 }
    if finished == firstMeasured {
      begin.wallSeconds = Double(Self.nanoseconds(CLOCK_MONOTONIC)) / 1e9
      begin.processorSeconds = Double(Self.nanoseconds(CLOCK_THREAD_CPUTIME_ID)) / 1e9
    }
    if finished >= firstMeasured {
      outcome.latencies.append(Self.nanoseconds(CLOCK_MONOTONIC) - sentAt[number])
    }
    finished += 1
    if finished == events.count {
      outcome.wallSeconds = Double(Self.nanoseconds(CLOCK_MONOTONIC)) / 1e9 - begin.wallSeconds
      outcome.processorSeconds =
        Double(Self.nanoseconds(CLOCK_THREAD_CPUTIME_ID)) / 1e9 - begin.processorSeconds
      return done(outcome)
    }
    send(bound)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
