internal import CEL
internal import RuleSets

/// What one value of the threshold would have come to.
package struct TuneRow: Sendable {
  /// The value as an author writes it.
  package let text: String
  /// The rule set has this value.
  package let isCurrent: Bool
  /// Events for which the rule fires, against all others.
  package internal(set) var fired = Confusion()
  /// Events that all rules together raise, by level.
  package internal(set) var raised: [CatchLevel: Confusion] = [:]
  /// Events that come to another outcome than with the rule set's value.
  package internal(set) var changes: [OutcomeChange: StakesByTruth] = [:]
  /// Reviews of the busiest day.
  package let reviewsOfBusiestDay: Int
  /// Events that all rules together review; of a day where divided by the days of the stream.
  package internal(set) var reviews = 0
}

/// Every value of the threshold that makes a difference, with what it would have come to.
package struct TuneSweep: Sendable {
  /// Values that are told; where there are more, those are taken that part the events evenly.
  package static let rowsMax = 200

  package let target: TuneTarget
  /// From the smallest value to the greatest.
  package let rows: [TuneRow]
  /// The row of the rule set's own value.
  package let current: Int
  /// How many values make a difference.
  package let valueCount: Int
  /// From the first to the last day of the stream, in days.
  package let days: Int
  /// Events for which the rule's answer hangs on the comparison.
  package let answerCount: Int
  /// Events whose outcome does, by all rules together.
  package let outcomeCount: Int
}

extension TuneRecorder {
  /// What was recorded, value by value; asked once, the events are gone afterwards.
  package mutating func sweep() -> TuneSweep {
    let sorted = takeEntries()
    let cuts = TuneCuts(sorted, target, scale)
    let snapshots = snapshots(sorted, at: cuts.chosen)
    let totals = totals(sorted)
    let rows = zip(cuts.chosen, snapshots).map { cut, snapshot in
      row(cut, snapshot, comparedWith: snapshots[cuts.current], totals)
    }
    return TuneSweep(
      target: target, rows: rows, current: cuts.current, valueCount: cuts.count, days: worth.days?.count ?? 0,
      answerCount: sorted.count,
      outcomeCount: zip(pairs, totals).reduce(0) { sum, open in
        open.0.ifTrue.outcome == open.0.ifFalse.outcome ? sum : sum + open.1.events
      })
  }

  /// How the events stand at one cut: those below it by pair, and the reviews of the busiest day.
  private struct Snapshot {
    var below: [TallyCount]
    var busiest = 0
  }

  private var isTrueAbove: Bool {
    target.comparison.order == .greater || target.comparison.order == .greaterOrEqual
  }

  /// One pass over the events in the order of their values.
  private func snapshots(_ sorted: [Entry], at cuts: [TuneCuts.Cut]) -> [Snapshot] {
    var below = Array(repeating: TallyCount(), count: pairs.count)
    var reviews = fixedReviews
    for entry in sorted where result(entry, isBelow: false).outcome == .review && entry.day >= 0 {
      reviews[Int(entry.day)] += 1
    }
    var snapshots: [Snapshot] = []
    var next = 0
    for cut in cuts {
      while next < sorted.count, next < cut.position {
        let entry = sorted[next]
        below[Int(entry.pair)].events += 1
        below[Int(entry.pair)].amount += Int128(entry.amount)
        if entry.day >= 0 {
          if result(entry, isBelow: false).outcome == .review { reviews[Int(entry.day)] -= 1 }
          if result(entry, isBelow: true).outcome == .review { reviews[Int(entry.day)] += 1 }
        }
        next += 1
      }
      snapshots.append(Snapshot(below: below, busiest: reviews.max() ?? 0))
    }
    return snapshots
  }

  private func result(_ entry: Entry, isBelow: Bool) -> Pair.Result {
    result(pairs[Int(entry.pair)], isBelow: isBelow)
  }

  private func result(_ pair: Pair, isBelow: Bool) -> Pair.Result {
    isBelow == isTrueAbove ? pair.ifFalse : pair.ifTrue
  }

  private func row(
    _ cut: TuneCuts.Cut, _ snapshot: Snapshot, comparedWith current: Snapshot, _ totals: [TallyCount]
  ) -> TuneRow {
    var row = TuneRow(text: cut.text, isCurrent: cut.isCurrent, reviewsOfBusiestDay: snapshot.busiest)
    for level in CatchLevel.allCases { row.raised[level] = Confusion() }
    for (pair, count) in fixed { row.add(count, pair, pair.ifTrue) }
    for (index, pair) in pairs.enumerated() {
      let below = snapshot.below[index]
      row.add(below, pair, result(pair, isBelow: true))
      row.add(totals[index].without(below), pair, result(pair, isBelow: false))
      // Those that the two cuts part: below the one and not below the other.
      let isMovedUp = below.events > current.below[index].events
      let moved = isMovedUp ? below.without(current.below[index]) : current.below[index].without(below)
      let (from, to) = (result(pair, isBelow: !isMovedUp).outcome, result(pair, isBelow: isMovedUp).outcome)
      guard moved.events > 0, from != to else { continue }
      row.changes[OutcomeChange(from, to), default: StakesByTruth()].add(
        moved, pair.label, pair.currency)
    }
    return row
  }

  /// All events by pair.
  private func totals(_ entries: [Entry]) -> [TallyCount] {
    var totals = Array(repeating: TallyCount(), count: pairs.count)
    for entry in entries {
      totals[Int(entry.pair)].events += 1
      totals[Int(entry.pair)].amount += Int128(entry.amount)
    }
    return totals
  }
}

extension TuneRow {
  fileprivate mutating func add(
    _ count: TallyCount, _ pair: TuneRecorder.Pair, _ result: TuneRecorder.Pair.Result
  ) {
    guard count.events > 0 else { return }
    fired.add(count, pair.label, pair.currency, isRaised: result.fires)
    for level in CatchLevel.allCases {
      raised[level]?.add(count, pair.label, pair.currency, isRaised: result.outcome >= level.outcome)
    }
    if result.outcome == .review { reviews += count.events }
  }
}
