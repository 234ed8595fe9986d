internal import RuleSets

/// Events of one score.
package struct ScoreBar: Hashable, Sendable {
  package let score: Int
  package let stakes: StakesByTruth
}

/// What a threshold would have caught.
package struct ThresholdRow: Hashable, Sendable {
  /// Events are raised from this score on.
  package let threshold: Int
  package let confusion: Confusion
}

extension Tally {
  /// Events by score and truth, ascending; what rules decide outright or rules without an answer demand counts by its
  /// score all the same.
  package var scores: [ScoreBar] {
    var bars: [Int: StakesByTruth] = [:]
    for (kind, count) in kinds { bars[kind.score, default: StakesByTruth()].add(count, of: kind) }
    return bars.map { ScoreBar(score: $0.key, stakes: $0.value) }.sorted { $0.score < $1.score }
  }

  /// What each threshold would have caught, ascending: every score that events have where it makes a difference, and
  /// the threshold of the rule set.
  ///
  /// A row for `.reviewed` says what is reviewed or blocked when `review` is the threshold, wherever `block` is above
  /// it; a row for `.blocked` what is blocked when `block` is the threshold.
  package func sweep(_ level: CatchLevel) -> [ThresholdRow] {
    var (always, never) = (StakesByTruth(), StakesByTruth())
    let current = level == .blocked ? thresholds.block : thresholds.review
    var byScore: [Int: StakesByTruth] = [current: StakesByTruth()]
    for (kind, count) in kinds {
      if kind.least >= level.outcome {
        always.add(count, of: kind)
      } else if kind.isExcused {
        never.add(count, of: kind)
      } else {
        byScore[kind.score, default: StakesByTruth()].add(count, of: kind)
      }
    }
    let ascending = byScore.sorted { $0.key < $1.key }
    var below: [StakesByTruth] = [never]
    for (_, stakes) in ascending { below.append((below.last ?? never) + stakes) }
    var rows: [ThresholdRow] = []
    var raised = always
    for (index, (score, stakes)) in ascending.enumerated().reversed() {
      raised = raised + stakes
      var confusion = Confusion()
      (confusion.raised, confusion.passed) = (raised, below[index])
      rows.append(ThresholdRow(threshold: score, confusion: confusion))
    }
    return rows.reversed()
  }
}
