internal import CEL
internal import RuleSets
internal import Windows

/// A window for whose sake records are kept that nothing looks at.
enum LongerThanNeeded: RuleSetCheck {
  static let code = "longer-than-needed"
  static let title = "records are kept longer than any rule looks back"
  static let remedy = "shorten the window, or take the feature out"
  static let explanation = """
    The longest window of an entity says how long its records are kept. Named are features that only rules with `status: off` \
    read, and a `since_last` that makes records be kept twice as long as any rule asks for: where all rules ask for less than \
    a span and skip events without a value, a window of that span gives the same outcomes. Features that no rule reads at \
    all: `unused-feature`.
    """

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    let read = Set(rules.rules.rules.flatMap(\.features))
    var found: [Diagnostic] = []
    for (index, feature) in rules.rules.features.enumerated() where !feature.exported {
      if !read.contains(index) {
        // Rules that are off are no part of the rule set; what they do not read either is told when it is loaded.
        if !rules.unusedPlaces.contains(feature.place) { found.append(idle(feature)) }
        continue
      }
      guard let need = need(feature, index, rules), let over = rules.plan(of: feature).overMilliseconds,
        need <= over / 2, others(than: feature, rules) <= over / 2
      else { continue }
      found.append(longer(feature, over: over, need: need))
    }
    return found
  }

  /// The longest window of the other features of its entity.
  private static func others(than feature: Feature, _ rules: JudgedRules) -> Int64 {
    let entity = rules.rules.plan.entities[feature.entity]
    let others = entity.features.enumerated().filter { $0.offset != feature.index }.map(\.element)
    return others.map { other in
      other.overMilliseconds.map { $0.addingReportingOverflow(other.delayMilliseconds).partialValue } ?? .max
    }.max() ?? 0
  }

  /// The greatest span that any rule compares a `since_last` with, where all ask for less; else nil.
  private static func need(_ feature: Feature, _ index: Int, _ rules: JudgedRules) -> Int64? {
    let plan = rules.plan(of: feature)
    guard plan.aggregation == .sinceLast, plan.empty == nil, plan.delayMilliseconds == 0, plan.last == nil
    else { return nil }
    var need: Int64 = 0
    for judged in rules.judged where judged.rule.features.contains(index) {
      let facts = judged.claim.facts.filter { $0.term == feature.name }
      // What a reason shows, or an expression of another kind reads, may need all of the window.
      guard judged.rule.onMissing == .skip, !facts.isEmpty,
        judged.claim.isOnlyCompared(feature.name), !judged.rule.shows(feature.slot)
      else { return nil }
      for fact in facts {
        guard let span = fact.relation.upperSpan else { return nil }
        need = max(need, span)
      }
    }
    return need > 0 ? need : nil
  }
}

extension LongerThanNeeded {
  private static func longer(_ feature: Feature, over: Int64, need: Int64) -> Diagnostic {
    finding(
      at: feature.place,
      "records are kept \(DurationLiteral.text(over)) for `\(feature.name)` alone, and no rule looks back more than "
        + DurationLiteral.text(need),
      hint: "write `over: \(DurationLiteral.text(need + 1_000))`: outcomes stay the same")
  }

  private static func idle(_ feature: Feature) -> Diagnostic {
    finding(
      at: feature.place, "only rules that are off read the feature `\(feature.name)`",
      hint: "take it out with them, or say `export: true` to keep its history for later")
  }
}

extension Claim {
  /// Whether the name stands in comparisons with constants only.
  fileprivate func isOnlyCompared(_ name: String) -> Bool {
    switch self {
    case .all(let parts), .any(let parts): parts.allSatisfy { $0.isOnlyCompared(name) }
    case .fact(let fact): fact.term == name || !fact.term.contains(name)
    case .other(let text): !text.contains(name)
    }
  }
}

extension Claim.Relation {
  /// Milliseconds below which the value must lie; nil where it may lie anywhere.
  fileprivate var upperSpan: Int64? {
    switch self {
    case .less(.duration(let span)), .lessOrEqual(.duration(let span)):
      Int64((span / .milliseconds(1)).rounded(.up))
    default: nil
    }
  }
}

extension Rule {
  fileprivate func shows(_ slot: Int) -> Bool {
    reason.parts.contains { part in
      if case .value(slot, _) = part { true } else { false }
    }
  }
}
