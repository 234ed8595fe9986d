import Glibc

/// The processor time of a piece of work over several rounds; the best round is what the machine can do, the median what it does.
struct Timing {
  let bestNanoseconds: Double
  let medianNanoseconds: Double

  /// Runs `round`, which does `operations` operations, `rounds` times after one that does not count.
  static func of(operations: Int, rounds: Int = 5, _ round: () throws -> Void) rethrows -> Timing {
    try round()
    var samples: [Double] = []
    for _ in 0..<rounds { samples.append(try once(operations: operations, round).bestNanoseconds) }
    samples.sort()
    return Timing(bestNanoseconds: samples[0], medianNanoseconds: samples[samples.count / 2])
  }

  /// Times one run of work that cannot be repeated, such as a stream that fills a store.
  static func once(operations: Int, _ work: () throws -> Void) rethrows -> Timing {
    let start = processorNanoseconds()
    try work()
    let each = (processorNanoseconds() - start) / Double(operations)
    return Timing(bestNanoseconds: each, medianNanoseconds: each)
  }

  var perSecond: Int { Int(1e9 / bestNanoseconds) }

  /// The processor time of this thread: what other processes take of the machine does not count.
  private static func processorNanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}

/// Keeps the optimiser from removing work whose result nobody reads.
@inline(never) func keep<Value>(_ value: Value) {}

/// `1234567` as `1,234,567`.
func grouped(_ number: Int) -> String {
  var digits = String(number)
  var parts: [Substring] = []
  while digits.count > 3 {
    parts.insert(digits.suffix(3), at: 0)
    digits.removeLast(3)
  }
  return ([digits[...]] + parts).joined(separator: ",")
}

/// Two decimals, without Foundation.
func decimal(_ value: Double, places: Int = 2) -> String {
  guard places > 0 else { return String(Int(value.rounded())) }
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  let scaled = Int((value * scale).rounded())
  let fraction = String(scaled.magnitude % UInt(scale))
  return "\(scaled < 0 ? "-" : "")\(scaled.magnitude / UInt(scale))."
    + String(repeating: "0", count: places - fraction.count) + fraction
}
