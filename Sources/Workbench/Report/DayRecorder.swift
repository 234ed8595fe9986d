internal import Assay
internal import RuleSets

/// Takes down, day by day, what thresholds look at, from which the page recomputes alerts a day, and how often each rule
/// fired.
struct DayRecorder: Sendable {
  /// Days that are told apart: eleven years, fewer for more than a thousand rules.
  static let daysMax = 4_096
  /// Counts of hits that are kept: 32 MiB.
  private static let hitsMax = 4_194_304
  /// Kinds of decisions in all; what has no place is counted and left out.
  private static let cellsMax = 200_000

  private struct Key: Hashable, Sendable {
    let day: Int
    let score: Int
    let floor: Outcome
    let isExcused: Bool
  }

  private let ruleCount: Int
  private var counts: [Key: Int] = [:]
  /// By day: how often each rule fired, live or shadow.
  private var hits: [Int: [Int]] = [:]
  private var leftOut = 0
  /// Where the last events were counted: most events score nothing, and the next is of the same day.
  private var last: (key: Key, count: Int)?

  /// No day yet, for so many rules.
  init(ruleCount: Int) { self.ruleCount = ruleCount }

  /// Counts one decided event for which `rules` fired, live or shadow.
  mutating func record(time: Int64, _ decision: borrowing Decision, rules: some Sequence<Int>) {
    var (floor, isExcused) = (Outcome.allow, false)
    for reason in decision.reasons {
      guard let decided = reason.decide else { continue }
      floor = max(floor, decided)
      if decided == .allow { isExcused = true }
    }
    for unknown in decision.notEvaluated { floor = max(floor, unknown.floor ?? .allow) }
    let day = Moment.day(of: time)
    guard count(Key(day: day, score: decision.score, floor: floor, isExcused: isExcused)) else {
      leftOut += 1
      return
    }
    for rule in rules where rule < ruleCount { hits[day]?[rule] += 1 }
  }

  /// Whether there was a place for it.
  private mutating func count(_ key: Key) -> Bool {
    if last?.key == key {
      last?.count += 1
      return true
    }
    settle()
    guard counts[key] != nil || counts.count < Self.cellsMax, addDay(key.day) else { return false }
    last = (key, 1)
    return true
  }

  private mutating func addDay(_ day: Int) -> Bool {
    if hits[day] != nil { return true }
    guard hits.count < Self.daysMax, hits.count * ruleCount < Self.hitsMax else { return false }
    hits[day] = Array(repeating: 0, count: ruleCount)
    return true
  }

  private mutating func settle() {
    guard let (key, count) = last else { return }
    last = nil
    counts[key, default: 0] += count
  }

  /// The days from the first to the last, and what was decided on them.
  func table() -> ReplayReport.DayTable {
    var settled = self
    settled.settle()
    return settled.settledTable()
  }

  private func settledTable() -> ReplayReport.DayTable {
    var table = ReplayReport.DayTable()
    table.days = Self.shown(Set(hits.keys))
    let first = table.days.first ?? 0
    table.eventsLeftOut = leftOut
    for (key, count) in counts {
      guard table.days.indices.contains(key.day - first) else {
        table.eventsLeftOut += count
        continue
      }
      table.cells.append(
        .init(
          day: key.day - first, score: key.score, floor: key.floor, isExcused: key.isExcused, count: count))
    }
    table.cells.sort { $0.place.lexicographicallyPrecedes($1.place) }
    return table
  }

  /// By rule and shown day.
  func hits(on days: [Int]) -> [[Int]] {
    (0..<ruleCount).map { rule in days.map { hits[$0]?[rule] ?? 0 } }
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
