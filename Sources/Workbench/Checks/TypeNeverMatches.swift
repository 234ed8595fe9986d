internal import CEL
internal import Events
internal import RuleSets
internal import Windows

/// A condition that asks for an event type which its rule or feature never sees.
enum TypeNeverMatches: RuleSetCheck {
  static let code = "type-never-matches"
  static let title = "the condition asks for an event type that is not looked at"
  static let remedy = "name the type where the rule or the feature says what it looks at"
  static let explanation = """
    A rule sees the events that `on` names, a feature counts those behind its aggregation or `of`. A condition or a `where` \
    that holds for other values of `event.type` only never holds.
    """

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    let names = ClaimNames(rules.rules)
    let types = rules.rules.schema.types
    var found = rules.judged.compactMap { judged -> Diagnostic? in
      let seen = zip(types, judged.rule.appliesToType).filter(\.1).map(\.0)
      return judged.claim.types(of: seen).isEmpty ? finding(judged.rule, seen) : nil
    }
    for feature in rules.rules.features {
      let entity = rules.rules.plan.entities[feature.entity]
      let plan = entity.features[feature.index]
      guard let tags = plan.types, let condition = plan.condition,
        let column = rules.rules.computedColumns.first(where: { $0.slot == entity.columns[condition].slot }),
        let expression = try? Expression.parse(column.source)
      else { continue }
      let counted = zip(types, rules.rules.plan.typeTags).filter { tags.contains($0.1) }.map(\.0)
      if Claim(of: expression, names).types(of: counted).isEmpty { found.append(finding(feature, counted)) }
    }
    return found
  }
}

extension TypeNeverMatches {
  private static func finding(_ rule: Rule, _ seen: [String]) -> Diagnostic {
    finding(
      at: rule.conditionPlace, "the condition never holds: the rule sees \(list(seen)) only",
      hint: "name the type in `on`, or take the comparison of `event.type` out")
  }

  private static func finding(_ feature: Feature, _ counted: [String]) -> Diagnostic {
    finding(
      at: feature.place, "`\(feature.name)` never counts anything: it looks at \(list(counted)) only",
      hint: "name the type behind the aggregation or in `of`, or take it out of `where`")
  }

  private static func list(_ names: [String]) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
  }
}

extension Claim {
  private static let typeTerm = ClaimNames.term("event.type")

  /// The types among `types` for which it may hold.
  fileprivate func types(of types: [String]) -> [String] {
    switch self {
    case .all(let parts): return parts.reduce(types) { $1.types(of: $0) }
    case .any(let parts):
      let kept = Set(parts.flatMap { $0.types(of: types) })
      return types.filter(kept.contains)
    case .fact(let fact):
      guard fact.term == Self.typeTerm else { return types }
      return types.filter { fact.relation.holds(for: .string($0)) ?? true }
    case .other: return types
    }
  }
}
