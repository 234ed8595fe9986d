internal import CEL
internal import Events
internal import RuleSets

/// `has()` of a field without which there is no event.
enum PresenceIsCertain: RuleSetCheck {
  static let code = "presence-is-certain"
  static let title = "`has()` of a field that every event has"
  static let remedy = "take it out, or let the field be optional in `schema.yaml`"
  static let explanation = """
    An event without a field that the schema calls `required` is refused before any rule sees it, so that `has()` of the field \
    always holds and its negation never does.
    """

  static func findings(in rules: JudgedRules) -> [Diagnostic] {
    let required = Set(rules.rules.schema.fields.filter(\.required).map(\.path))
    return rules.judged.compactMap { judged in
      for node in judged.expression.nodes {
        guard case .select(let operand, let field, presence: true) = node.kind,
          let path = judged.expression.dottedName(operand).map({ "\($0).\(field)" }), required.contains(path)
        else { continue }
        return finding(judged.rule, path)
      }
      return nil
    }
  }
}

extension PresenceIsCertain {
  private static func finding(_ rule: Rule, _ path: String) -> Diagnostic {
    finding(
      at: rule.conditionPlace, "`has(\(path))` always holds: the schema requires the field",
      hint: "take it out, or let the field be optional in `schema.yaml`")
  }
}

extension Expression {
  /// The name that a chain of selections spells, nil for anything else.
  fileprivate func dottedName(_ id: NodeID) -> String? {
    switch self[id].kind {
    case .identifier(let name, _): name
    case .select(let operand, let field, presence: false): dottedName(operand).map { "\($0).\(field)" }
    default: nil
    }
  }
}
