internal import Assay
internal import RuleSets

/// Looks at single decisions of two rule sets side by side.
struct DecisionPairing {
  private let before: Side
  private let after: Side
  private let money: MoneyFields

  /// `amount` is the field that is the money at stake; nil takes all money fields.
  init(before: RuleSet, after: RuleSet, amount: AmountField?) {
    self.before = Side(before)
    self.after = Side(after)
    money = MoneyFields(of: after, chosen: amount)
  }

  /// Whether amounts are of several fields.
  var hasSeveralAmounts: Bool { money.fields.count > 1 }

  /// What is worth counting of two decisions whose outcomes differ.
  func parties(
    _ old: borrowing ExaminedDecision, _ new: borrowing ExaminedDecision
  ) -> [PartyDifference] {
    let later = new.decision
    return old.decision.differences(
      to: later, thresholds: before.rules.thresholds, laterThresholds: after.rules.thresholds)
  }

  func amounts(_ new: borrowing ExaminedDecision) -> [Amount] { money.amounts(in: new) }

  /// All that can be told of two decisions.
  func sample(
    _ old: borrowing ExaminedDecision, _ new: borrowing ExaminedDecision, _ parties: [PartyDifference],
    _ amounts: [Amount], truth: ChangedDecision.Truth?, at place: ReplaySummary.LinePlace
  ) -> ChangedDecision {
    let (earlier, later) = (old.decision, new.decision)
    let ids = Self.rules(parties, earlier, later)
    let explained = ids.prefix(RuleSides.explainedMax)
    var rules: [RuleSides] = []
    for id in explained {
      rules.append(RuleSides(rule: id, before: before.brief(id, old), after: after.brief(id, new)))
    }
    var names: [String] = []
    for id in ids {
      for name in (before.reads[id] ?? []) + (after.reads[id] ?? []) where !names.contains(name) {
        names.append(name)
      }
    }
    var pairs: [ChangedDecision.FeaturePair] = []
    for name in names {
      let (older, newer) = (before.value(of: name, old), after.value(of: name, new))
      pairs.append(ChangedDecision.FeaturePair(name: name, before: older, after: newer))
    }
    return ChangedDecision(
      change: OutcomeChange(earlier.outcome, later.outcome), event: later.event,
      type: after.rules.schema.types[new.type], time: new.time, place: place, scoreBefore: earlier.score,
      scoreAfter: later.score, parties: parties, rules: rules, furtherRuleCount: ids.count - explained.count,
      features: pairs, amounts: amounts, truth: truth)
  }

  /// The rules among the parties; where thresholds or a breaker are, also those that brought the same to both.
  private static func rules(
    _ parties: [PartyDifference], _ earlier: borrowing Decision, _ later: borrowing Decision
  ) -> [String] {
    var ids = parties.compactMap { part in
      if case .rule(let id) = part.party { id } else { nil }
    }
    guard ids.count < parties.count else { return ids }
    let brought = Set(earlier.contributions.keys).union(later.contributions.keys).subtracting(ids)
    ids += brought.sorted()
    return ids
  }
}

extension DecisionPairing {
  /// One of the two rule sets, and what it calls things.
  fileprivate struct Side {
    let rules: RuleSet
    /// By rule id: the names of the features it reads; every rule that is not off has an entry.
    let reads: [String: [String]]
    private let names: SlotNames
    private let features: [String: Feature]

    init(_ rules: RuleSet) {
      self.rules = rules
      names = SlotNames(rules)
      features = Dictionary(rules.features.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      reads = Dictionary(
        rules.rules.map { rule in (rule.id, rule.features.map { rules.features[$0].name }) },
        uniquingKeysWith: { first, _ in first })
    }

    func value(of name: String, _ examined: borrowing ExaminedDecision) -> String? {
      guard let feature = features[name], let value = examined.value(of: feature) else { return nil }
      return value.shown
    }

    func brief(_ id: String, _ examined: borrowing ExaminedDecision) -> RuleBrief {
      guard reads[id] != nil else { return RuleBrief(notAsked: "no such rule, or it is off") }
      // The features of a retry were not computed again.
      if examined.decision.repeated {
        return RuleBrief(notAsked: "not asked again: the event got the decision given before")
      }
      return RuleBrief(id, of: examined, rules: rules, names: names)
    }
  }
}
