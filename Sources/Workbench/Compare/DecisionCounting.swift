internal import Assay
internal import RuleSets

/// How two decisions about one event are counted, for whoever has both.
extension ComparisonSummary {
  /// Counts them; gives back the change where their outcomes differ, which `count(_:_:amounts:truth:)` takes next.
  mutating func count(
    _ old: borrowing Decision, _ new: borrowing Decision, _ thresholds: Thresholds
  ) -> OutcomeChange? {
    if old.dryRun || new.dryRun {
      dryRuns += 1
      return nil
    }
    guard !old.repeated || !new.repeated else {
      repeated += 1
      return nil
    }
    compared += 1
    if old.late || new.late { late += 1 }
    outcomesBefore[old.outcome, default: 0] += 1
    outcomesAfter[new.outcome, default: 0] += 1
    countHits(old.reasons, new.reasons)
    countShadow(old.shadow, new, thresholds)
    guard old.outcome != new.outcome else {
      if old.score != new.score { rescored += 1 }
      return nil
    }
    return OutcomeChange(old.outcome, new.outcome)
  }

  /// Counts a change of outcome with everyone who had a part in it.
  mutating func count(
    _ change: OutcomeChange, _ differences: [PartyDifference], amounts: [Amount], truth: Label.Truth
  ) {
    changes[change, default: ChangeCount()].add(amounts, truth)
    for difference in differences {
      parties[difference.party, default: [:]][change, default: ChangeCount()].add(amounts, truth)
    }
  }

  private mutating func countHits(_ old: [Decision.Reason], _ new: [Decision.Reason]) {
    for reason in old {
      let isInBoth = new.contains { $0.rule == reason.rule }
      hits[reason.rule, default: Hits()].before += 1
      if !isInBoth { hits[reason.rule, default: Hits()].onlyBefore += 1 }
    }
    for reason in new {
      let isInBoth = old.contains { $0.rule == reason.rule }
      hits[reason.rule, default: Hits()].after += 1
      if !isInBoth { hits[reason.rule, default: Hits()].onlyAfter += 1 }
    }
  }

  private mutating func countShadow(
    _ old: [Decision.ShadowHit], _ new: borrowing Decision, _ thresholds: Thresholds
  ) {
    for hit in old { shadow[hit.rule, default: ShadowHits()].before += 1 }
    for hit in new.shadow {
      shadow[hit.rule, default: ShadowHits()].after += 1
      let would = new.outcomes(withEffectOf: hit, thresholds: thresholds)
      if would.before != would.after { shadow[hit.rule]?.wouldChange[would, default: 0] += 1 }
    }
  }
}
