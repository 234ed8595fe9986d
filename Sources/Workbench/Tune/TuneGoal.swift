internal import CEL
internal import RuleSets

/// What a proposed value must keep; of the values that do, the one that catches most frauds is proposed.
///
/// A limit of reviews alone would be kept best by blocking everybody: a block costs no review. So a precision is always
/// kept besides, the present one unless another is asked for, and blocks keep one of their own.
package struct TuneGoal: Sendable {
  /// The least precision of all rules together; nil for the present one.
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
      var part = "a precision of at least \(precision == nil ? "the present " : "")\(Rate.tenths(least)) %"
      if sweep.changesBlocks, let ofBlocks = leastOfBlocks(sweep) {
        part +=
          " (\(ofBlocks == least ? "also of blocks alone" : "\(Rate.tenths(ofBlocks)) % of blocks alone"))"
      }
      parts.append(part)
    }
    if let reviewsPerDayMax { parts.append("at most \(Self.short(reviewsPerDayMax)) reviews a day") }
    return parts.joined(separator: " and ")
  }

  private static func short(_ number: Double) -> String {
    Int(exactly: number).map { String($0) } ?? String(number)
  }

  /// The precision to keep; nil where nothing of known truth is raised now and none is asked for.
  func least(_ sweep: TuneSweep) -> Double? {
    precision ?? sweep.rows[sweep.current].reviewed.precision.value
  }

  /// The precision that blocks alone must keep: where there are none now, as much as all that is raised.
  private func leastOfBlocks(_ sweep: TuneSweep) -> Double? {
    precision ?? sweep.rows[sweep.current].blocked.precision.value ?? least(sweep)
  }

  fileprivate func isKept(by row: TuneRow, _ sweep: TuneSweep) -> Bool {
    guard let least = least(sweep), let precision = row.reviewed.precision.value, precision >= least else {
      return false
    }
    // Blocks that stay as they are were not chosen here.
    if row.changesBlocks, let least = leastOfBlocks(sweep), let precision = row.blocked.precision.value,
      precision < least
    {
      return false
    }
    guard let reviewsPerDayMax else { return true }
    return sweep.days == 0 || Double(row.reviews) / Double(sweep.days) <= reviewsPerDayMax
  }
}

extension TuneRow {
  /// What all rules together review or block.
  package var reviewed: Confusion { raised[.reviewed] ?? Confusion() }
  /// What they block.
  package var blocked: Confusion { raised[.blocked] ?? Confusion() }
  /// Some event is blocked that is not blocked now, or the other way round.
  var changesBlocks: Bool { changes.keys.contains { $0.before == .block || $0.after == .block } }
}

extension TuneSweep {
  /// The row of the value to take: of those that keep the goal the one that catches most frauds, of equal ones the most
  /// precise, then the one that blocks fewest honest events, then the one nearest to the present value. Nil where no value keeps the goal.
  package func proposal(_ goal: TuneGoal) -> Int? {
    let kept = rows.indices.filter { goal.isKept(by: rows[$0], self) }
    return kept.max { left, right in isWorse(left, than: right) }
  }

  private func isWorse(_ left: Int, than right: Int) -> Bool {
    let (one, other) = (rows[left].reviewed, rows[right].reviewed)
    if one.caught.events != other.caught.events { return one.caught.events < other.caught.events }
    let (false1, false2) = (one.falseAlarms.events, other.falseAlarms.events)
    if false1 != false2 { return false1 > false2 }
    let (blocked1, blocked2) = (rows[left].blocked.falseAlarms.events, rows[right].blocked.falseAlarms.events)
    if blocked1 != blocked2 { return blocked1 > blocked2 }
    return abs(left - current) > abs(right - current)
  }

  /// Some value blocks other events than the present one.
  var changesBlocks: Bool { rows.contains(where: \.changesBlocks) }

  /// Events of known truth below which what two values differ in may be chance.
  package static let sampleMin = 30

  /// What must be said beside the figures; `chosen` is the proposed row.
  package func notes(_ recorder: TuneRecorder, proposed chosen: Int?) -> [String] {
    var notes: [String] = []
    if let chosen, chosen != current { notes += doubts(on: rows[chosen]) }
    if let breaker = recorder.breaker, rows.contains(where: { $0.blocked.raised.events > 0 }) {
      let span = DurationLiteral.text(breaker.withinMilliseconds)
      notes.append(
        "the rule set's breaker (at most \(Rate.tenths(Double(breaker.basisPoints) / 10_000)) % blocks within \(span)) is "
          + "left out of all figures: where it trips, blocks become reviews; replay the changed rules to see it"
      )
    }
    if recorder.countsAcceptedOnly, changesBlocks {
      notes.append(
        "windows that count accepted events only are taken as they were recorded; with another value, other events "
          + "are blocked and leave them: replay the changed rules to be sure")
    }
    if target.rule.status == .shadow {
      notes.append("the rule is in shadow: the figures are those that it would have if it were live")
    }
    return notes + recorder.worth.warnings
  }

  /// How sure the difference between the present value and `row` is.
  private func doubts(on row: TuneRow) -> [String] {
    let now = rows[current]
    let moved = row.changes.values.reduce(0) { $0 + $1.fraud.events + $1.honest.events }
    if moved < Self.sampleMin {
      let events = Counted.text(moved, "event of known truth changes", "events of known truth change")
      return ["only \(events): that may be chance, replay a longer stream before you decide"]
    }
    guard let one = now.reviewed.recall.interval, let other = row.reviewed.recall.interval,
      one.overlaps(other)
    else { return [] }
    return ["the intervals of both recalls overlap: the gain may be smaller than it looks"]
  }
}
