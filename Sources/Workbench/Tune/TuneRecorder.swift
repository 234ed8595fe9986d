package import Assay
package import Events
package import RuleSets
internal import CEL

/// Takes down, during one replay, what every value of a rule's threshold would have come to.
///
/// For each event the condition is evaluated with the comparison taken for true and for false, and the compared value is
/// kept: at a threshold the rule then says the one or the other. That is exact wherever in the condition the comparison
/// stands. What is kept of an event is its value, amount, day and the number of its pair: 24 bytes.
package struct TuneRecorder: Sendable {
  /// What the decisions were worth as they were made.
  package private(set) var worth: WorthRecorder
  package let target: TuneTarget
  private let rules: RuleSet
  private let ifTrue: Rule
  private let ifFalse: Rule
  private let value: Program
  private(set) var scale: TuneScale?
  /// Events whose outcome hangs on the comparison, in chunks: one array would hold them twice each time it grows.
  private var chunks: [[Entry]] = []
  private static let chunkCount = 65_536
  private(set) var pairs: [Pair] = []
  private var indexOfPair: [Pair: Int32] = [:]
  /// Events that come to the same at any threshold.
  private(set) var fixed: [Pair: TallyCount] = [:]
  /// By index of the day: events that are reviewed at any threshold.
  private(set) var fixedReviews: [Int] = []
  private var indexOfDay: [Int: Int32] = [:]
  /// Some window leaves out what was blocked, so that another threshold would change what windows hold.
  let countsAcceptedOnly: Bool
  /// The rule set's own; what it turns into reviews depends on all decisions before, and is not told.
  var breaker: Breaker? { rules.breaker }

  /// An event whose outcome hangs on the comparison.
  struct Entry {
    /// The compared value, on the scale.
    let key: Int64
    let amount: Int64
    /// Index into `pairs`.
    let pair: Int32
    /// Index of the day; -1 beyond the last one that is kept.
    let day: Int32
  }

  /// What an event comes to where the comparison is true and where it is false, and what else it is counted by.
  struct Pair: Hashable {
    let ifTrue: Result
    let ifFalse: Result
    let label: Label
    let currency: Int?

    /// Whether the rule fires, and the outcome of all rules.
    struct Result: Hashable {
      let fires: Bool
      let outcome: Outcome
    }
  }

  /// Nothing recorded yet.
  package init(_ target: TuneTarget, rules: RuleSet, labels: Labels, amountField: AmountField? = nil) {
    worth = WorthRecorder(rules: rules, labels: labels, amountField: amountField)
    self.target = target
    self.rules = rules
    ifTrue = target.rule.with(condition: target.rule.condition.forcing(target.comparison, to: true))
    ifFalse = target.rule.with(condition: target.rule.condition.forcing(target.comparison, to: false))
    value = target.rule.condition.value(of: target.comparison)
    countsAcceptedOnly = rules.plan.entities.contains { $0.features.contains(where: \.countsAcceptedOnly) }
  }

  /// Days that have events.
  var dayCount: Int { fixedReviews.count }

  /// Counts one decided event.
  package mutating func record(_ event: borrowing Event, _ decision: borrowing Decision) {
    guard let facts = worth.facts(recording: event, decision) else { return }
    let rest = Rest(decision, without: target.rule)
    let day = day(of: event.time)
    guard let key = key(of: event) else {
      let trial = target.rule.trial(of: event, in: rules, stateFailed: decision.degraded != nil)
      let result = rest.result(with: trial, of: target.rule, rules.thresholds)
      return fix(
        Pair(ifTrue: result, ifFalse: result, label: facts.label, currency: facts.currency), facts, day)
    }
    let (onTrue, onFalse) = (
      ifTrue.trial(of: event, in: rules, stateFailed: decision.degraded != nil),
      ifFalse.trial(of: event, in: rules, stateFailed: decision.degraded != nil)
    )
    let pair = Pair(
      ifTrue: rest.result(with: onTrue, of: target.rule, rules.thresholds),
      ifFalse: rest.result(with: onFalse, of: target.rule, rules.thresholds), label: facts.label,
      currency: facts.currency)
    if pair.ifTrue == pair.ifFalse { return fix(pair, facts, day) }
    keep(Entry(key: key, amount: facts.amount, pair: index(of: pair), day: day))
  }

  private mutating func keep(_ entry: Entry) {
    if chunks.last.map({ $0.count == Self.chunkCount }) ?? true {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.chunkCount)
    }
    chunks[chunks.count - 1].append(entry)
  }

  /// The events that were kept, by ascending value; they are given away, because they may be most of the memory.
  mutating func takeEntries() -> [Entry] {
    var entries: [Entry] = []
    entries.reserveCapacity(chunks.reduce(0) { $0 + $1.count })
    for index in chunks.indices {
      entries += chunks[index]
      chunks[index] = []
    }
    chunks = []
    entries.sort { $0.key < $1.key }
    return entries
  }

  /// The compared value; nil where the rule does not look at the event or there is no value to compare.
  private mutating func key(of event: borrowing Event) -> Int64? {
    guard target.rule.appliesToType.indices.contains(event.type), target.rule.appliesToType[event.type],
      let value = try? value.evaluate(event.frame)
    else { return nil }
    if scale == nil { scale = TuneScale(of: value) }
    return scale?.key(value)
  }

  private mutating func fix(_ pair: Pair, _ facts: WorthRecorder.Facts, _ day: Int32) {
    fixed[pair, default: TallyCount()].events += 1
    fixed[pair]?.amount += Int128(facts.amount)
    if day >= 0, pair.ifTrue.outcome == .review { fixedReviews[Int(day)] += 1 }
  }

  private mutating func index(of pair: Pair) -> Int32 {
    if let index = indexOfPair[pair] { return index }
    pairs.append(pair)
    indexOfPair[pair] = Int32(clamping: pairs.count - 1)
    return Int32(clamping: pairs.count - 1)
  }

  private mutating func day(of time: Int64) -> Int32 {
    let number = Moment.day(of: time)
    if let index = indexOfDay[number] { return index }
    guard fixedReviews.count < DayRecorder.daysMax else { return -1 }
    fixedReviews.append(0)
    indexOfDay[number] = Int32(clamping: fixedReviews.count - 1)
    return Int32(clamping: fixedReviews.count - 1)
  }
}

/// What all rules but one said of an event.
private struct Rest {
  private var score: Int
  private var least = Outcome.allow
  private var isExcused = false

  init(_ decision: borrowing Decision, without rule: Rule) {
    score = decision.score
    for reason in decision.reasons {
      if reason.rule == rule.id {
        score -= rule.score
      } else if reason.decide == .allow {
        isExcused = true
      } else {
        least = max(least, reason.decide ?? .allow)
      }
    }
    for unknown in decision.notEvaluated where unknown.rule != rule.id {
      least = max(least, unknown.floor ?? .allow)
    }
  }

  /// What comes of it together with what the rule says; a shadow rule counts as if it were live.
  func result(
    with trial: RuleTrial, of rule: Rule, _ thresholds: Thresholds
  ) -> TuneRecorder.Pair.Result {
    let decide = trial.fires ? rule.decide ?? .allow : .allow
    let outcome = thresholds.outcome(
      score: score + (trial.fires ? rule.score : 0), least: max(least, decide, trial.floor),
      isExcused: isExcused || trial.fires && rule.decide == .allow)
    return TuneRecorder.Pair.Result(fires: trial.fires, outcome: outcome)
  }
}
