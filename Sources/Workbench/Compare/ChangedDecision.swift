internal import Assay
internal import RuleSets

/// One event that the two rule sets decide otherwise, with what led to it.
package struct ChangedDecision: Hashable, Sendable {
  package let change: OutcomeChange
  package let event: String
  package let type: String
  /// Milliseconds since 1970.
  package let time: Int64
  package let place: ReplaySummary.LinePlace
  package let scoreBefore: Int
  package let scoreAfter: Int
  package let parties: [PartyDifference]
  /// The features that the rules among the parties read.
  package let features: [FeaturePair]
  let amounts: [Amount]

  /// A feature as each of the two rule sets saw it.
  package struct FeaturePair: Hashable, Sendable {
    package let name: String
    /// Nil where no rule of the set reads it for such events.
    package let before: String?
    package let after: String?
  }
}

/// Looks at single decisions of two rule sets side by side.
struct DecisionPairing {
  private let before: Side
  private let after: Side
  private let money: MoneyFields

  private struct Side {
    let thresholds: Thresholds
    let types: [String]
    let features: [String: Feature]
    /// By rule id: the names of the features it reads.
    let reads: [String: [String]]

    init(_ rules: RuleSet) {
      thresholds = rules.thresholds
      types = rules.schema.types
      features = Dictionary(rules.features.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      reads = Dictionary(
        rules.rules.map { rule in (rule.id, rule.features.map { rules.features[$0].name }) },
        uniquingKeysWith: { first, _ in first })
    }

    func value(of name: String, _ examined: borrowing ExaminedDecision) -> String? {
      guard let feature = features[name], let value = examined.value(of: feature) else { return nil }
      return value.shown
    }
  }

  init(before: RuleSet, after: RuleSet) {
    self.before = Side(before)
    self.after = Side(after)
    money = MoneyFields(of: after)
  }

  /// What is worth counting of two decisions whose outcomes differ.
  func parties(
    _ old: borrowing ExaminedDecision, _ new: borrowing ExaminedDecision
  ) -> [PartyDifference] {
    let later = new.decision
    return old.decision.differences(
      to: later, thresholds: before.thresholds, laterThresholds: after.thresholds)
  }

  func amounts(_ new: borrowing ExaminedDecision) -> [Amount] { money.amounts(in: new) }

  /// All that can be told of two decisions.
  func sample(
    _ old: borrowing ExaminedDecision, _ new: borrowing ExaminedDecision, _ parties: [PartyDifference],
    _ amounts: [Amount], at place: ReplaySummary.LinePlace
  ) -> ChangedDecision {
    var names: [String] = []
    for case .rule(let id) in parties.map(\.party) {
      for name in (before.reads[id] ?? []) + (after.reads[id] ?? []) where !names.contains(name) {
        names.append(name)
      }
    }
    var pairs: [ChangedDecision.FeaturePair] = []
    for name in names {
      let (older, newer) = (before.value(of: name, old), after.value(of: name, new))
      pairs.append(ChangedDecision.FeaturePair(name: name, before: older, after: newer))
    }
    let (earlier, later) = (old.decision, new.decision)
    return ChangedDecision(
      change: OutcomeChange(earlier.outcome, later.outcome), event: later.event, type: after.types[new.type],
      time: new.time, place: place, scoreBefore: earlier.score, scoreAfter: later.score, parties: parties,
      features: pairs, amounts: amounts)
  }
}
