package import RuleSets

/// What the decisions of a report come to under given thresholds: the arithmetic that the page repeats.
package struct Standing: Sendable {
  /// By outcome and truth.
  private var counts = Array(repeating: Array(repeating: 0, count: 3), count: 3)
  private var amounts = Array(repeating: Array(repeating: Int128(0), count: 3), count: 3)

  /// Counts all events; amounts of one currency only, as others cannot be added.
  package init(_ profiles: [ReplayReport.Profile], thresholds: Thresholds, currency: Int = 0) {
    for profile in profiles {
      let outcome = profile.outcome(thresholds).rank
      counts[outcome][profile.truth.rawValue] += profile.count
      if profile.currency == currency { amounts[outcome][profile.truth.rawValue] += profile.amount }
    }
  }

  /// Events with the outcome and one of the truths.
  package func count(_ outcome: Outcome, _ truths: ReplayReport.Truth...) -> Int {
    truths.reduce(0) { $0 + counts[outcome.rank][$1.rawValue] }
  }

  /// Minor units of events with the outcome and one of the truths.
  package func amount(_ outcome: Outcome, _ truths: ReplayReport.Truth...) -> Int128 {
    truths.reduce(0) { $0 + amounts[outcome.rank][$1.rawValue] }
  }

  /// All events with the outcome.
  package func count(_ outcome: Outcome) -> Int { counts[outcome.rank].reduce(0, +) }
  /// Minor units of all events with the outcome.
  package func amount(_ outcome: Outcome) -> Int128 { amounts[outcome.rank].reduce(0, +) }

  package var events: Int { Outcome.allCases.reduce(0) { $0 + count($1) } }
  package var amount: Int128 { Outcome.allCases.reduce(0) { $0 + amount($1) } }

  /// Frauds that were reviewed or blocked.
  package var caught: Int { count(.review, .fraud) + count(.block, .fraud) }
  /// Honest events that were reviewed or blocked.
  package var falseAlerts: Int { count(.review, .honest) + count(.block, .honest) }
  package var frauds: Int { caught + count(.allow, .fraud) }
  /// Events that were reviewed or blocked, whatever is known of them.
  package var alerts: Int { count(.review) + count(.block) }
  package var amountCaught: Int128 { amount(.review, .fraud) + amount(.block, .fraud) }
  package var fraudAmount: Int128 { amountCaught + amount(.allow, .fraud) }

  /// The part of the flagged events, as far as they are labelled, that is fraud.
  package var precision: Share { Share(caught, of: caught + falseAlerts) }
  /// The part of the frauds that is flagged.
  package var recall: Share { Share(caught, of: frauds) }
  /// The part of the frauds' amount that is flagged.
  package var amountRecall: Share { Share(amountCaught, of: fraudAmount) }
}

extension Outcome {
  /// 0 for allow, 1 for review, 2 for block: the order of the page's tables.
  var rank: Int {
    switch self {
    case .allow: 0
    case .review: 1
    case .block: 2
    }
  }
}

/// A part of a whole, kept as both.
package struct Share: Sendable, Equatable {
  package let part: Int128
  package let whole: Int128

  package init(_ part: Int128, of whole: Int128) { (self.part, self.whole) = (part, whole) }
  package init(_ part: Int, of whole: Int) { self.init(Int128(part), of: Int128(whole)) }

  /// 0 to 1; nil of nothing.
  package var value: Double? { whole > 0 ? Double(part) / Double(whole) : nil }

  /// Where the true share may be with 95 % confidence, of events; nil of nothing.
  package var interval: ClosedRange<Double>? {
    guard let part = Int(exactly: part), let whole = Int(exactly: whole) else { return nil }
    return Rate(part, of: whole).interval
  }
}
