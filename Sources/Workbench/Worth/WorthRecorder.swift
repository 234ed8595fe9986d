package import Assay
package import Events
package import RuleSets
internal import CEL

/// Takes down what a replay is worth, decision by decision: hand `record` to `Replay.run` as its `look`.
///
/// Decisions that were given before (retries) and trials (`dry_run`) do not count.
package struct WorthRecorder: Sendable {
  /// Nil where nothing is known of the truth: every event is then unknown.
  package private(set) var labels: Labels?
  package private(set) var tally: Tally
  /// From the day of the first event to that of the last, by their own time; nil without events. A day is numbered from
  /// 1970-01-01, in UTC.
  package private(set) var days: ClosedRange<Int>?
  /// Which field the amounts are from.
  package let amountField: AmountField
  /// Events with several fields of money, of which the first was taken.
  package private(set) var severalAmountsCount = 0
  /// Events whose amount was left out because there were too many currencies.
  package private(set) var furtherCurrencyCount = 0
  /// Events that came later than the rule set's `max_lateness`.
  package private(set) var lateCount = 0
  /// Blocks that a breaker turned into reviews.
  package private(set) var brokenCount = 0

  /// Nothing recorded yet.
  package init(rules: RuleSet, labels: Labels? = nil, amountField: AmountField? = nil) {
    self.labels = labels
    self.amountField = amountField ?? AmountField(of: rules)
    tally = Tally(rules)
  }

  /// What was found out about one event.
  struct Facts {
    let label: Label
    /// In minor units; 0 where there is no currency.
    let amount: Int64
    /// Index into the tally's currencies.
    let currency: Int?
  }

  /// Counts one decided event.
  package mutating func record(_ event: borrowing Event, _ decision: borrowing Decision) {
    _ = facts(recording: event, decision)
  }

  /// Counts one decided event and gives back what was found out about it; nil where it does not count.
  mutating func facts(recording event: borrowing Event, _ decision: borrowing Decision) -> Facts? {
    guard !decision.repeated, !decision.dryRun else { return nil }
    let label = unsafe labels?.meet(event.frame.arena.span.bytes, id: event.id.range) ?? .unknown
    if decision.breaker != nil { brokenCount += 1 }
    if decision.late { lateCount += 1 }
    let (amount, currency) = stake(of: event)
    tally.count(decision, type: event.type, label: label, amount: amount, currency: currency)
    let day = Moment.day(of: event.time)
    days = min(days?.lowerBound ?? day, day)...max(days?.upperBound ?? day, day)
    return Facts(label: label, amount: amount, currency: currency)
  }

  private mutating func stake(of event: borrowing Event) -> (amount: Int64, currency: Int?) {
    guard let found = amountField.amount(of: event) else { return (0, nil) }
    if found.hasFurther { severalAmountsCount += 1 }
    guard let currency = tally.currencies.index(of: found.currency, in: event.frame.arena) else {
      furtherCurrencyCount += 1
      return (0, nil)
    }
    return (found.amount, currency)
  }
}
