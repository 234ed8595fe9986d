/// One member of a group, ordered by event time, then arrival.
struct GroupEntry {
  var time: Int64
  /// Logical log position of the record: its arrival.
  var position: UInt32
  /// The number of its value in the pool; `failed` when the record's condition or value failed.
  var mark: UInt32

  static let failed = UInt32.max

  @inline(__always) func precedes(_ other: GroupEntry) -> Bool {
    time < other.time || time == other.time && position < other.position
  }
}

/// One window over its group, `[left, right)`, and what is kept up to date while it moves.
///
/// Bounds of 32 bits: one entity's group holds fewer entries than its log, whose positions have 32 bits, has bytes.
struct MovingWindow {
  var left: Int32 = 0
  var right: Int32 = 0
  /// Members whose condition or value failed.
  var failures: Int32 = 0
  /// Index into the group's `squares`, `counters` or `extremes`, by the window's kind.
  var extra: Int32 = 0
  /// Of values, of trues, or of squared gaps (these never exceed the square of 10^15 milliseconds).
  var sum: Int128 = 0

  var isEmpty: Bool { left == right }
  /// The index of the oldest member.
  var first: Int { Int(left) }
  /// The index of the newest member.
  var newest: Int { Int(right) - 1 }
  var count: Int { Int(right) - Int(left) }
}

/// How often each pooled value stands in one window.
struct DistinctCounter {
  var counts: ContiguousArray<UInt32> = []
  var different = 0

  @inline(__always) mutating func add(_ mark: UInt32) {
    let index = Int(mark)
    while counts.count <= index { counts.append(0) }
    counts[index] += 1
    if counts[index] == 1 { different += 1 }
  }

  @inline(__always) mutating func remove(_ mark: UInt32) {
    counts[Int(mark)] -= 1
    if counts[Int(mark)] == 0 { different -= 1 }
  }
}
