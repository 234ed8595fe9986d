extension WindowGroup {
  /// Moves a window to the newest `last` entries with `lower < time <= upper`, from where it stood.
  mutating func step(_ place: Int, to shape: WindowLayout, lower: Int64, upper: Int64) -> MovingWindow {
    let running = shape.running
    var window = windows[place]
    while Int(window.right) < entries.count && entries[Int(window.right)].time <= upper {
      window.right += 1
      include(window.newest, &window, running)
    }
    while Int(window.right) > start && entries[window.newest].time > upper {
      if !window.isEmpty {
        exclude(window.newest, &window, running)
      } else {
        window.left -= 1
      }
      window.right -= 1
    }
    let first = Int(window.right) &- shape.last
    while !window.isEmpty && (entries[window.first].time <= lower || window.first < first) {
      exclude(window.first, &window, running)
      window.left += 1
    }
    while window.first > max(start, first) && entries[window.first - 1].time > lower {
      window.left -= 1
      include(window.first, &window, running)
    }
    windows[place] = window
    return window
  }

  /// The same for windows that keep nothing but their bounds and perhaps a sum of values: by far the most.
  /// Works on spans, so that nothing is checked for sharing at each entry.
  @inline(__always) static func slide(
    _ window: inout MovingWindow, to shape: WindowLayout, over entries: Span<GroupEntry>,
    _ values: Span<Int64>, start: Int, _ context: ReadingContext
  ) {
    let (lower, upper) = (context.lower(shape), context.upper(shape))
    let sums = shape.running == .sum
    var left = Int(window.left)
    var right = Int(window.right)
    var failures = window.failures
    var sum = window.sum
    while right < entries.count && entries[right].time <= upper {
      if entries[right].mark == GroupEntry.failed {
        failures &+= 1
      } else if sums {
        sum &+= Int128(values[right])
      }
      right &+= 1
    }
    while right > start && entries[right &- 1].time > upper {
      right &-= 1
      if left > right {
        left = right
      } else if entries[right].mark == GroupEntry.failed {
        failures &-= 1
      } else if sums {
        sum &-= Int128(values[right])
      }
    }
    let first = right &- shape.last
    while left < right && (entries[left].time <= lower || left < first) {
      if entries[left].mark == GroupEntry.failed {
        failures &-= 1
      } else if sums {
        sum &-= Int128(values[left])
      }
      left &+= 1
    }
    while left > start && left > first && entries[left &- 1].time > lower {
      left &-= 1
      if entries[left].mark == GroupEntry.failed {
        failures &+= 1
      } else if sums {
        sum &+= Int128(values[left])
      }
    }
    window.left = Int32(truncatingIfNeeded: left)
    window.right = Int32(truncatingIfNeeded: right)
    window.failures = failures
    window.sum = sum
  }

  /// Counts the entry at `index`, which the window's bounds hold already.
  @inline(__always) mutating func include(
    _ index: Int, _ window: inout MovingWindow, _ running: WindowLayout.Running
  ) {
    if entries[index].mark == GroupEntry.failed { window.failures += 1 }
    switch running {
    case .bounds: break
    case .sum:
      if entries[index].mark != GroupEntry.failed { window.sum &+= Int128(values[index]) }
    case .gaps: window.sum &+= gapChange(index, window)
    case .squares, .distinct, .extreme:
      if entries[index].mark != GroupEntry.failed { includeValue(index, &window, running) }
    }
  }

  /// Takes away the entry at `index`, which the window's bounds still hold.
  @inline(__always) mutating func exclude(
    _ index: Int, _ window: inout MovingWindow, _ running: WindowLayout.Running
  ) {
    if entries[index].mark == GroupEntry.failed { window.failures -= 1 }
    switch running {
    case .bounds: break
    case .sum:
      if entries[index].mark != GroupEntry.failed { window.sum &-= Int128(values[index]) }
    case .gaps: window.sum &-= gapChange(index, window)
    case .squares, .distinct, .extreme:
      if entries[index].mark != GroupEntry.failed { excludeValue(index, &window, running) }
    }
  }

  private mutating func includeValue(
    _ index: Int, _ window: inout MovingWindow, _ running: WindowLayout.Running
  ) {
    let extra = Int(window.extra)
    switch running {
    case .squares:
      window.sum &+= Int128(values[index])
      squares[extra].add(values[index])
    case .distinct: counters[extra].add(entries[index].mark)
    default:
      if extremes[extra].isStale { return }
      if index == window.newest {
        extremes[extra].append(entries[index], values[index])
      } else if index == window.first {
        extremes[extra].prepend(entries[index], values[index])
      } else {
        extremes[extra].insert(entries[index], values[index])
      }
    }
  }

  private mutating func excludeValue(
    _ index: Int, _ window: inout MovingWindow, _ running: WindowLayout.Running
  ) {
    let extra = Int(window.extra)
    switch running {
    case .squares:
      window.sum &-= Int128(values[index])
      squares[extra].subtract(values[index])
    case .distinct: counters[extra].remove(entries[index].mark)
    default:
      if !extremes[extra].isStale {
        extremes[extra].remove(entries[index], isOldest: index == window.first)
      }
    }
  }

  /// What the entry at `index` of the window adds to the sum of squared gaps.
  private func gapChange(_ index: Int, _ window: MovingWindow) -> Int128 {
    func square(_ from: Int, _ to: Int) -> Int128 {
      let gap = Int128(entries[to].time) - Int128(entries[from].time)
      let (product, overflow) = gap.multipliedReportingOverflow(by: gap)
      return overflow ? 0 : product
    }
    let hasPrevious = index > window.first
    let hasNext = index < window.newest
    var change: Int128 = 0
    if hasPrevious { change &+= square(index - 1, index) }
    if hasNext { change &+= square(index, index + 1) }
    if hasPrevious && hasNext { change &-= square(index - 1, index + 1) }
    return change
  }

  /// The least or greatest value of the window.
  mutating func extreme(_ window: MovingWindow) -> Int64? {
    let extra = Int(window.extra)
    if extremes[extra].isStale {
      extremes[extra].reset()
      for index in window.first..<Int(window.right) where entries[index].mark != GroupEntry.failed {
        extremes[extra].append(entries[index], values[index])
      }
    }
    return extremes[extra].best
  }
}
