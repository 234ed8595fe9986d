import RedisWindows

/// Time that passes only when a test says so.
final class ManualClock: LoopClock {
  private(set) var now: Int64 = 1_000_000_000
  private var timers: [(due: Int64, order: Int, body: () -> Void)] = []
  private var count = 0

  func schedule(after delay: Int64, _ body: @escaping () -> Void) {
    count += 1
    timers.append((now + max(0, delay), count, body))
  }

  /// Lets time pass, timer after timer.
  func advance(milliseconds: Double) {
    let end = now + Int64(milliseconds * 1_000_000)
    while let next = timers.indices.min(by: {
      (timers[$0].due, timers[$0].order) < (timers[$1].due, timers[$1].order)
    }),
      timers[next].due <= end
    {
      let timer = timers.remove(at: next)
      now = max(now, timer.due)
      timer.body()
    }
    now = end
  }
}
