/// The records that a group of features counts, in the order of time, and the features' windows over them.
///
/// An entry that arrives in order costs each window one step in and, later, one step out. A late entry moves what
/// follows it by one place. What lies before `start` is gone; what lies below the horizon may
/// still stand behind it, but no window reaches there. Both are removed in bulk, when the group has grown.
struct WindowGroup {
  /// Index into `FoldLayout.groups`.
  let plan: Int
  /// The currency that all entries are in, as a column holds it; empty for groups without currency.
  let currency: ContiguousArray<UInt8>
  var entries: ContiguousArray<GroupEntry> = []
  /// Beside the entries: integers, or positions of text in the log; empty when the group needs none.
  var values: ContiguousArray<Int64> = []
  var start = 0
  /// How many entries there are when looking for dead ones pays again.
  private var sweepAt = 4
  var windows: ContiguousArray<MovingWindow> = []
  var squares: ContiguousArray<SquareSum> = []
  var counters: ContiguousArray<DistinctCounter> = []
  var extremes: ContiguousArray<Extremes> = []
  var pool = ValuePool()
  /// The greatest entry that the limit pushed out. While it is above the horizon, nothing up to it is taken in again,
  /// even where reversals have made room: so a record that was pushed out is dead, and its bytes may go.
  var dropped = GroupEntry(time: .min, position: 0, mark: 0)
  /// The newest record that counts by its type and lacks a column.
  var lackingTime = Int64.min
  /// Records up to this time were trimmed under another plan's limits.
  var cutTime = Int64.min

  init(plan: Int, layout: FoldLayout, currency: ContiguousArray<UInt8> = []) {
    self.plan = plan
    self.currency = currency
    let shapes = layout.groups[plan].windows
    windows.reserveCapacity(shapes.count)
    for index in shapes {
      var window = MovingWindow()
      switch layout.windows[index].running {
      case .squares:
        window.extra = Int32(squares.count)
        squares.append(SquareSum())
      case .distinct:
        window.extra = Int32(counters.count)
        counters.append(DistinctCounter())
      case .extreme:
        window.extra = Int32(extremes.count)
        extremes.append(Extremes(least: layout.windows[index].least))
      case .bounds, .sum, .gaps: break
      }
      windows.append(window)
    }
  }

  /// Bytes by our own count: the same in every process.
  var byteCount: Int {
    let plain = 160 + currency.count + entries.count * 16 + values.count * 8 + windows.count * 32
    return squares.isEmpty && counters.isEmpty && extremes.isEmpty ? plain : plain + extraBytes
  }

  private var extraBytes: Int {
    var sum = squares.count * 32 + pool.byteCount
    for index in counters.indices { sum += 48 + counters[index].counts.count * 4 }
    for index in extremes.indices { sum += 48 + extremes[index].byteCount }
    return sum
  }

  /// Lets go of the entries up to `horizon`.
  mutating func retire(through horizon: Int64, _ layout: FoldLayout) {
    var end = start
    while end < entries.count && entries[end].time <= horizon { end += 1 }
    if end > start { retire(before: end, layout) }
    if start >= 8 && start * 4 >= entries.count { compact() }
  }

  /// Makes room for entries: by letting go of old ones if they are many, else by growing by half.
  private mutating func sweep(_ horizon: Int64, _ layout: FoldLayout) {
    retire(through: horizon, layout)
    if start * 4 >= entries.count { compact() }
    sweepAt = entries.count + max(4, (entries.count + 1) / 2)
    entries.reserveCapacity(sweepAt)
    if layout.groups[plan].values != .none { values.reserveCapacity(sweepAt) }
  }

  /// Adds a member; past the limit the oldest goes, which may be this one.
  mutating func insert(_ entry: GroupEntry, value: Int64, horizon: Int64, _ layout: FoldLayout) {
    if entries.count >= sweepAt { sweep(horizon, layout) }
    if entries.count - start >= layout.groups[plan].limit { retire(through: horizon, layout) }
    let hasValues = layout.groups[plan].values != .none
    var index = entries.count
    if index > start && entry.precedes(entries[index - 1]) { index = lowerBound(entry) }
    if index == entries.count {
      entries.append(entry)
      if hasValues { values.append(value) }
    } else {
      entries.insert(entry, at: index)
      if hasValues { values.insert(value, at: index) }
      for place in windows.indices { shift(place, insertedAt: index, layout) }
    }
    if entries.count - start > layout.groups[plan].limit {
      let oldest = entries[start]
      if dropped.precedes(oldest) { dropped = oldest }
      retire(before: start + 1, layout)
    }
  }

  /// Takes out the member with this time and position, if there is one.
  mutating func remove(time: Int64, position: UInt32, _ layout: FoldLayout) {
    let wanted = GroupEntry(time: time, position: position, mark: 0)
    let index = lowerBound(wanted)
    guard index < entries.count, entries[index].time == time, entries[index].position == position else {
      return
    }
    let shapes = layout.groups[plan].windows
    for place in windows.indices {
      var window = windows[place]
      if index < Int(window.left) {
        window.left -= 1
        window.right -= 1
      } else if index < Int(window.right) {
        exclude(index, &window, layout.windows[shapes.lowerBound + place].running)
        window.right -= 1
      }
      windows[place] = window
    }
    if layout.groups[plan].pooled && entries[index].mark != GroupEntry.failed {
      pool.release(entries[index].mark)
    }
    entries.remove(at: index)
    if !values.isEmpty { values.remove(at: index) }
  }

  private mutating func retire(before end: Int, _ layout: FoldLayout) {
    let shapes = layout.groups[plan].windows
    for place in windows.indices where Int(windows[place].left) < end {
      var window = windows[place]
      while window.first < end && !window.isEmpty {
        exclude(window.first, &window, layout.windows[shapes.lowerBound + place].running)
        window.left += 1
      }
      window.left = max(window.left, Int32(end))
      window.right = max(window.right, window.left)
      windows[place] = window
    }
    if layout.groups[plan].pooled {
      for index in start..<end where entries[index].mark != GroupEntry.failed {
        pool.release(entries[index].mark)
      }
    }
    start = end
  }

  private mutating func compact() {
    entries.removeSubrange(0..<start)
    if !values.isEmpty { values.removeSubrange(0..<start) }
    for place in windows.indices {
      windows[place].left -= Int32(start)
      windows[place].right -= Int32(start)
    }
    start = 0
  }

  /// Mends one window after an entry was put at `index`, with later entries after it.
  private mutating func shift(_ place: Int, insertedAt index: Int, _ layout: FoldLayout) {
    var window = windows[place]
    if index < Int(window.left) || index == Int(window.left) && !window.isEmpty {
      window.left += 1
      window.right += 1
    } else if index < Int(window.right) {
      window.right += 1
      include(index, &window, layout.windows[layout.groups[plan].windows.lowerBound + place].running)
    }
    windows[place] = window
  }

  /// The first entry that does not precede `entry`.
  private func lowerBound(_ entry: GroupEntry) -> Int {
    var low = start
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].precedes(entry) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
