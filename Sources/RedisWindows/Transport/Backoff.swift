/// How long to wait before the next attempt to connect: longer after each failure, and never the same for two
/// processes, so that they do not come back all at once.
struct Backoff: Sendable {
  /// Before the second attempt; nanoseconds.
  static let first: Int64 = 10_000_000
  /// The bound; with an attempt of half a second it leaves a quarter for a server to be in service within a second.
  static let last: Int64 = 250_000_000

  /// Failures in a row.
  private(set) var failures = 0
  private var state: UInt64

  /// The first attempt comes at once. `seed` decides the jitter.
  init(seed: UInt64) { state = seed }

  /// Counts a failure and returns how long to wait: half to all of 10, 20, 40 … 250 milliseconds.
  mutating func fail() -> Int64 {
    let whole = min(Self.last, Self.first << Int64(min(failures, 8)))
    failures += 1
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return whole / 2 + Int64(state >> 33) % (whole / 2 + 1)
  }

  /// The server serves.
  mutating func succeed() { failures = 0 }
}
