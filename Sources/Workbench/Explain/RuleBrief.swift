package import Assay
package import RuleSets

/// What one rule said of one event in a few lines, for samples that stand beside each other: only the parts of its
/// condition that its answer comes from.
///
/// Sensitive values are masked when it is made.
package struct RuleBrief: Sendable {
  /// What came of the rule: `fired`, `did not fire`, `no answer: …`, `left out: …`, `not asked`.
  package let state: String
  /// The parts of the condition that its answer comes from; nil where the rule was not asked or left out.
  package let condition: ConditionTree?

  /// What the rule with the id said when the event was decided by `rules`; `not asked` where it looks at no events of
  /// this type, or there is no such rule.
  package init(_ id: String, of decided: borrowing ExaminedDecision, rules: RuleSet, names: SlotNames) {
    let type = decided.type
    let found = rules.rules.first {
      $0.id == id && $0.appliesToType.indices.contains(type) && $0.appliesToType[type]
    }
    guard let rule = found else {
      (state, condition) = ("not asked", nil)
      return
    }
    let decision = decided.decision
    let explained = RuleExplanation(
      rule, of: decided.visit.event, isFired: decision.hasFired(id),
      unanswered: decision.notEvaluated.first { $0.rule == id }, names)
    let shadow = rule.status == .shadow ? ", in shadow" : ""
    switch explained.state {
    case .fired: state = "fired" + shadow
    case .notFired: state = "did not fire" + shadow
    case .noAnswer(let answer): state = "no answer" + shadow + ": " + answer.explanation
    case .leftOut(let absence): state = "left out" + shadow + ": " + absence.words
    }
    condition = explained.condition?.decisive
  }

  /// A rule that was not asked, for the reason that `state` tells.
  init(notAsked state: String) { (self.state, condition) = (state, nil) }

  /// The state on the first line, below it the condition, indented, at most `width` characters wide where words allow it;
  /// all of it fit for a terminal.
  package func lines(width: Int, color: Bool = false) -> [String] {
    let tree = condition?.text(width: width, indent: 1, color: color).split(separator: "\n") ?? []
    return [VisibleLine.of(state)] + tree.map(String.init)
  }

  /// The same for machines.
  package var json: JSONValue {
    .object(
      [.init("state", .string(state))] + (condition.map { [.init("condition", $0.json)] } ?? []))
  }
}

extension ConditionTree {
  /// The tree without the parts that its answer does not come from: a chain of `&&` that failed has only the links that
  /// failed, one of `||` that passed only those that passed, and a chain without an answer none that has the other one.
  var decisive: ConditionTree { ConditionTree(root: root.decisive) }
}

extension ConditionTree.Node {
  /// As deep as the condition, whose depth is limited.
  fileprivate var decisive: ConditionTree.Node {
    let kept: [ConditionTree.Node]
    switch (kind, answer) {
    case (.all, .fail), (.any, .pass): kept = children.filter { $0.answer == answer }
    case (.all, .unknown), (.all, .error): kept = children.filter { $0.answer != .pass && $0.isLookedAt }
    case (.any, .unknown), (.any, .error): kept = children.filter { $0.answer != .fail && $0.isLookedAt }
    default: kept = children
    }
    if kind == .all || kind == .any, kept.count == 1 { return kept[0].decisive }
    return ConditionTree.Node(
      span: span, text: text, kind: kind, element: element, answer: answer, would: would, operands: operands,
      margin: margin, missing: missing, error: error, children: kept.map(\.decisive),
      stepsOmitted: stepsOmitted)
  }

  private var isLookedAt: Bool { answer != .notLookedAt }
}
