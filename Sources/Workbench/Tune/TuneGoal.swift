internal import CEL
internal import RuleSets

/// What a proposed value must keep; of the values that do, the one that catches most frauds is proposed.
package struct TuneGoal: Sendable {
  /// The least precision of all rules together; nil for the present one, unless reviews are limited.
  package let precision: Double?
  /// Reviews of a day that people have time for, on average over the stream.
  package let reviewsPerDayMax: Double?

  /// Both must hold where both are given.
  package init(precision: Double? = nil, reviewsPerDayMax: Double? = nil) {
    (self.precision, self.reviewsPerDayMax) = (precision, reviewsPerDayMax)
  }

  /// In words, for the proposal.
  func text(_ sweep: TuneSweep) -> String {
    var parts: [String] = []
    if let least = least(sweep) {
      let percent = Rate.tenths(least) + " %"
      parts.append("a precision of at least \(precision == nil ? "the present \(percent)" : percent)")
    }
    if let reviewsPerDayMax { parts.append("at most \(Self.short(reviewsPerDayMax)) reviews a day") }
    return parts.isEmpty ? "any precision" : parts.joined(separator: " and ")
  }

  private static func short(_ number: Double) -> String {
    Int(exactly: number).map { String($0) } ?? String(number)
  }

  /// The precision to keep; nil where there is none to keep.
  fileprivate func least(_ sweep: TuneSweep) -> Double? {
    if let precision { return precision }
    return reviewsPerDayMax == nil ? sweep.rows[sweep.current].reviewed.precision.value : nil
  }

  fileprivate func isKept(by row: TuneRow, _ sweep: TuneSweep) -> Bool {
    if let least = least(sweep) {
      guard let precision = row.reviewed.precision.value, precision >= least else { return false }
    }
    guard let reviewsPerDayMax else { return true }
    return sweep.days == 0 || Double(row.reviews) / Double(sweep.days) <= reviewsPerDayMax
  }
}

extension TuneRow {
  /// What all rules together review or block.
  package var reviewed: Confusion { raised[.reviewed] ?? Confusion() }
}

extension TuneSweep {
  /// The row of the value to take: of those that keep the goal the one that catches most frauds, of equal ones the most
  /// precise, then the one nearest to the present value. Nil where no value keeps the goal.
  package func proposal(_ goal: TuneGoal) -> Int? {
    let kept = rows.indices.filter { goal.isKept(by: rows[$0], self) }
    return kept.max { left, right in isWorse(left, than: right) }
  }

  private func isWorse(_ left: Int, than right: Int) -> Bool {
    let (one, other) = (rows[left].reviewed, rows[right].reviewed)
    if one.caught.events != other.caught.events { return one.caught.events < other.caught.events }
    let (false1, false2) = (one.falseAlarms.events, other.falseAlarms.events)
    if false1 != false2 { return false1 > false2 }
    return abs(left - current) > abs(right - current)
  }

  /// Events of known truth below which what two values differ in may be chance.
  package static let sampleMin = 30

  /// What must be said beside the figures; `chosen` is the proposed row.
  package func notes(_ recorder: TuneRecorder, proposed chosen: Int?) -> [String] {
    var notes: [String] = []
    if openCount == 0 {
      notes.append("no outcome of the stream hangs on `\(target.text)`: no other value changes anything")
    }
    if let chosen, chosen != current { notes += doubts(on: rows[chosen]) }
    let blocks = rows.contains { $0.changes.keys.contains { $0.before == .block || $0.after == .block } }
    if recorder.countsAcceptedOnly, blocks {
      notes.append(
        "windows that count accepted events only are taken as they were recorded; with another value, other events "
          + "are blocked and leave them: replay the changed rules to be sure")
    }
    if target.rule.status == .shadow {
      notes.append("the rule is in shadow: the figures are those that it would have if it were live")
    }
    return notes + recorder.worth.notes
  }

  /// How sure the difference between the present value and `row` is.
  private func doubts(on row: TuneRow) -> [String] {
    let now = rows[current]
    let moved = row.changes.values.reduce(0) { $0 + $1.fraud.events + $1.honest.events }
    if moved < Self.sampleMin {
      let events =
        moved == 1 ? "only 1 event of known truth changes" : "only \(moved) events of known truth change"
      return ["\(events): that may be chance, replay a longer stream before you decide"]
    }
    guard let one = now.reviewed.recall.interval, let other = row.reviewed.recall.interval,
      one.overlaps(other)
    else { return [] }
    return ["the intervals of both recalls overlap: the gain may be smaller than it looks"]
  }
}
