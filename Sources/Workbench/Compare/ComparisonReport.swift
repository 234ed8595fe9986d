package import RuleSets

/// What came of comparing two rule sets, ready to be shown.
package struct ComparisonReport: Sendable {
  /// One of the two.
  package struct Side: Sendable {
    /// Where it was read from, as the caller named it.
    package let place: String
    package let rules: RuleSet

    package init(place: String, rules: RuleSet) {
      self.place = place
      self.rules = rules
    }
  }

  package let before: Side
  package let after: Side
  package let difference: RuleSetDifference
  package let summary: ComparisonSummary
  /// Nil where any number of decisions may change.
  package let limit: ChangeLimit?

  package init(before: Side, after: Side, summary: ComparisonSummary, limit: ChangeLimit?) {
    self.before = before
    self.after = after
    self.summary = summary
    self.limit = limit
    difference = RuleSetDifference(before: before.rules, after: after.rules)
  }

  /// Whether more decisions changed than the limit allows.
  package var exceedsLimit: Bool { limit.map(summary.exceeds) ?? false }

  /// Whether what is compared are two rule sets of different names, which may be meant.
  var namesDiffer: Bool { before.rules.name != after.rules.name }

  /// `34 of 2,000 decisions change (1.7 %)`.
  var headline: String {
    let (changed, compared) = (summary.changedCount, summary.compared)
    if compared == 0 {
      let refused = summary.refusedByOneCount
      return refused > 0
        ? "no event was decided by both, \(grouped(refused)) by one of the two" : "no events were compared"
    }
    if changed == 0 {
      return compared == 1
        ? "the one decision stays as it is" : "all \(grouped(compared)) decisions stay as they are"
    }
    let verb = changed == 1 ? "changes" : "change"
    return
      "\(grouped(changed)) of \(grouped(compared)) decisions \(verb) (\(Self.percent(changed, of: compared)))"
  }

  /// What the limit says of that.
  var verdict: String {
    guard let limit else { return "no limit was set: `--max-changed` makes a number of changes fail" }
    let refused = summary.refusedByOneCount
    let counted = refused > 0 ? " (events that only one takes included)" : ""
    return exceedsLimit
      ? "that is more than `--max-changed \(limit.text)` allows\(counted)"
      : "`--max-changed \(limit.text)` allows that\(counted)"
  }

  /// With one digit behind the point, and no less than that where there is anything.
  static func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "0 %" }
    let tenths = (Double(part) * 1_000 / Double(whole)).rounded()
    if part > 0 && tenths < 1 { return "below 0.1 %" }
    return "\(Int(tenths) / 10).\(Int(tenths) % 10) %"
  }
}
