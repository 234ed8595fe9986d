internal import CoreMetrics
internal import Synchronization
internal import Windows

/// A number that only rises.
final class PrometheusCounter: CounterHandler {
  private let count = Atomic<Int64>(0)

  func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
  func reset() { count.store(0, ordering: .relaxed) }
  var value: Int64 { count.load(ordering: .relaxed) }
}

/// A number that goes up and down.
final class PrometheusGauge: MeterHandler, RecorderHandler {
  private let bits = Atomic<UInt64>(0)

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
  func increment(by amount: Double) { change(by: amount) }
  func decrement(by amount: Double) { change(by: -amount) }
  func record(_ value: Int64) { set(value) }
  func record(_ value: Double) { set(value) }
  var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  private func change(by amount: Double) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + amount).bitPattern
      let result = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
      if result.exchanged { return }
      old = result.original
    }
  }
}

/// How long something took, by fixed bounds.
final class PrometheusHistogram: TimerHandler {
  /// Nanoseconds: decisions in memory take less than the first, a store that is far away the later ones.
  static let bounds: [Int64] = [
    50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000,
    100_000_000, 200_000_000, 500_000_000, 1_000_000_000,
  ]

  private let counts = Guarded([Int64](repeating: 0, count: bounds.count + 1))
  private let total = Atomic<Int64>(0)

  func recordNanoseconds(_ duration: Int64) {
    var bucket = 0
    while bucket < Self.bounds.count && duration > Self.bounds[bucket] { bucket += 1 }
    counts.withLock { $0[bucket] &+= 1 }
    total.wrappingAdd(duration, ordering: .relaxed)
  }

  /// How many in each bucket, those above all bounds last, and the sum in nanoseconds.
  var value: (counts: [Int64], nanoseconds: Int64) {
    (counts.withLock { $0 }, total.load(ordering: .relaxed))
  }
}
