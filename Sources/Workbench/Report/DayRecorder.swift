package import Assay
internal import RuleSets
package import Events

/// Takes down, day by day, what thresholds look at: the page recomputes alerts a day from it.
package struct DayRecorder: Sendable {
  /// Days that are told apart, and kinds of decisions in all; further events are counted and left out.
  package static let daysMax = 4_096
  package static let cellsMax = 200_000

  private struct Key: Hashable, Sendable {
    let day: Int
    let score: Int
    let floor: Outcome
    let isExcused: Bool
  }

  private var counts: [Key: Int] = [:]
  private var days: Set<Int> = []
  private var leftOut = 0
  /// Where the last events were counted: most events score nothing, and the next is of the same day.
  private var last: (key: Key, count: Int)?

  /// No day yet.
  package init() {}

  /// Counts one decided event; not those that were decided before, nor trials.
  package mutating func record(_ event: borrowing Event, _ decision: borrowing Decision) {
    guard !decision.repeated, !decision.dryRun else { return }
    var (floor, isExcused) = (Outcome.allow, false)
    for reason in decision.reasons {
      guard let decided = reason.decide else { continue }
      floor = max(floor, decided)
      if decided == .allow { isExcused = true }
    }
    for unknown in decision.notEvaluated { floor = max(floor, unknown.floor ?? .allow) }
    count(Key(day: Moment.day(of: event.time), score: decision.score, floor: floor, isExcused: isExcused))
  }

  private mutating func count(_ key: Key) {
    if last?.key == key {
      last?.count += 1
      return
    }
    settle()
    last = (key, 1)
  }

  private mutating func settle() {
    guard let (key, count) = last else { return }
    last = nil
    let isKnown = days.contains(key.day)
    if counts[key] == nil, counts.count >= Self.cellsMax || !isKnown && days.count >= Self.daysMax {
      leftOut += count
      return
    }
    if !isKnown { days.insert(key.day) }
    counts[key, default: 0] += count
  }

  /// The days from the first to the last, and what was decided on them.
  package func table() -> ReplayReport.DayTable {
    var settled = self
    settled.settle()
    return settled.settledTable()
  }

  private func settledTable() -> ReplayReport.DayTable {
    var table = ReplayReport.DayTable()
    table.days = Self.shown(days)
    let shown = Dictionary(uniqueKeysWithValues: table.days.enumerated().map { ($0.element, $0.offset) })
    table.eventsLeftOut = leftOut
    for (key, count) in counts {
      guard let day = shown[key.day] else {
        table.eventsLeftOut += count
        continue
      }
      table.cells.append(
        .init(day: day, score: key.score, floor: key.floor, isExcused: key.isExcused, count: count))
    }
    table.cells.sort { $0.place.lexicographicallyPrecedes($1.place) }
    return table
  }

  /// All days of the span where they are few enough, else the longest run of them that is: one event that is dated
  /// centuries from the others must not make a page of empty days.
  private static func shown(_ days: Set<Int>) -> [Int] {
    let sorted = days.sorted()
    guard let first = sorted.first, let last = sorted.last else { return [] }
    if last - first < daysMax { return Array(first...last) }
    var (best, start) = (0..<0, 0)
    for end in sorted.indices {
      while sorted[end] - sorted[start] >= daysMax { start += 1 }
      if end + 1 - start > best.count { best = start..<(end + 1) }
    }
    return Array(sorted[best.lowerBound]...sorted[best.upperBound - 1])
  }
}

extension ReplayReport.DayTable.Cell {
  /// What cells are sorted by.
  fileprivate var place: [Int] { [day, score, floor.rank, isExcused ? 1 : 0] }
}
