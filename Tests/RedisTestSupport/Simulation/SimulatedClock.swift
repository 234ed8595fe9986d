import RedisWindows

/// Time that passes only when it is told to: what is scheduled runs in the order of its moment, and of its scheduling
/// where moments are equal.
package final class SimulatedClock: LoopClock {
  private struct Entry {
    var moment: Int64
    var number: Int
    var body: () -> Void

    func precedes(_ other: Entry) -> Bool { (moment, number) < (other.moment, other.number) }
  }

  /// Nanoseconds since the simulation began.
  package private(set) var now: Int64 = 0
  private var heap: [Entry] = []
  private var scheduled = 0

  /// A clock at 0.
  package init() {}

  /// Whether nothing is left to run.
  package var isIdle: Bool { heap.isEmpty }

  package func schedule(after delay: Int64, _ body: @escaping () -> Void) {
    schedule(at: now + max(delay, 0), body)
  }

  /// Calls `body` once, at a moment or as soon as it has passed.
  package func schedule(at moment: Int64, _ body: @escaping () -> Void) {
    scheduled += 1
    heap.append(Entry(moment: max(moment, now), number: scheduled, body: body))
    var child = heap.count - 1
    while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Runs what is due next; false when nothing is.
  package func step() -> Bool {
    guard let first = heap.first else { return false }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    now = first.moment
    first.body()
    return true
  }

  /// Lets go of all that was to run, and of what it holds.
  package func removeAll() { heap.removeAll() }

  /// Lets time pass while nothing happens that was not scheduled before.
  package func pass(_ nanoseconds: Int64) {
    let end = now + nanoseconds
    while let first = heap.first, first.moment <= end { _ = step() }
    now = end
  }

  private func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child].precedes(heap[least]) { least = child }
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
