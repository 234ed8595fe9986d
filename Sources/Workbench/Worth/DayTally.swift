package import RuleSets

/// What a replay is by day, in UTC and by the events' own time: counts by outcome and truth, and hits of each rule.
package struct DayTally: Sendable {
  /// Days that are told apart: eleven years, fewer for more than a thousand rules. Events of further days are counted in
  /// `beyondCount` alone.
  package static let daysMax = 4_096
  /// Counts of hits that are kept: 32 MiB.
  private static let hitsMax = 4_194_304
  private static let dayMilliseconds: Int64 = 86_400_000

  /// One day.
  package struct Day: Sendable, Equatable {
    /// By rule, in the order of `Tally.rules`: how often it fired, live or shadow.
    package internal(set) var hits: [Int]
    /// By outcome and truth.
    fileprivate var events = Array(repeating: 0, count: Outcome.allCases.count * Label.Truth.allCases.count)

    /// Events that came to `outcome` and are of `truth`.
    package func count(_ outcome: Outcome, _ truth: Label.Truth) -> Int {
      events[DayTally.place(outcome, truth)]
    }

    /// Events that came to `outcome`.
    package func count(_ outcome: Outcome) -> Int {
      Label.Truth.allCases.reduce(0) { $0 + count(outcome, $1) }
    }

    /// Events of the day.
    package var eventCount: Int { events.reduce(0, +) }
  }

  private let ruleCount: Int
  private var places: [Int64: Int] = [:]
  private var entries: [(number: Int64, day: Day)] = []
  private var last = 0
  /// Events of days that there was no room for.
  package private(set) var beyondCount = 0

  /// Nothing counted yet, for so many rules.
  package init(ruleCount: Int) { self.ruleCount = ruleCount }

  /// The days that have events, ascending; a day is numbered from 1970-01-01.
  package var days: [(number: Int64, day: Day)] { entries.sorted { $0.number < $1.number } }

  /// The day from the first to the last that has events, both included; those between may have none.
  package var span: ClosedRange<Int64>? {
    guard let first = entries.map(\.number).min(), let last = entries.map(\.number).max() else { return nil }
    return first...last
  }

  /// The day that `time`, milliseconds since 1970, falls on.
  package static func number(of time: Int64) -> Int64 {
    let (quotient, rest) = time.quotientAndRemainder(dividingBy: dayMilliseconds)
    return rest < 0 ? quotient - 1 : quotient
  }

  /// Counts an event of `time` for which `rules` fired.
  mutating func count(time: Int64, _ outcome: Outcome, _ truth: Label.Truth, rules: some Sequence<Int>) {
    guard let place = place(of: Self.number(of: time)) else {
      beyondCount += 1
      return
    }
    last = place
    entries[place].day.events[Self.place(outcome, truth)] += 1
    for rule in rules where rule < ruleCount { entries[place].day.hits[rule] += 1 }
  }

  private mutating func place(of number: Int64) -> Int? {
    if entries.indices.contains(last), entries[last].number == number { return last }
    if let place = places[number] { return place }
    guard entries.count < Self.daysMax, entries.count * ruleCount < Self.hitsMax else { return nil }
    entries.append((number, Day(hits: Array(repeating: 0, count: ruleCount))))
    places[number] = entries.count - 1
    return entries.count - 1
  }

  fileprivate static func place(_ outcome: Outcome, _ truth: Label.Truth) -> Int {
    let row = outcome == .allow ? 0 : outcome == .review ? 1 : 2
    return row * Label.Truth.allCases.count + truth.rawValue
  }
}
