/// Waits that are never the same for two processes, so that they do not all come at once.
struct Jitter: Sendable {
  private var state: UInt64

  /// `seed` decides all that follows.
  init(seed: UInt64) { state = seed }

  /// Half to all of `whole`, which is nanoseconds and at least 0.
  mutating func spread(_ whole: Int64) -> Int64 {
    let half = max(0, whole) / 2
    return half + Int64(clamping: next() % UInt64(half + 1))
  }

  /// The elements of `list` in another order.
  mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
    var list = list
    for place in list.indices.dropFirst().reversed() {
      list.swapAt(place, Int(next() % UInt64(place + 1)))
    }
    return list
  }

  private mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
