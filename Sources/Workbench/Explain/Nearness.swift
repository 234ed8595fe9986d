internal import RuleSets

/// How far a condition is from another answer: the tests that would have to change, at least, and by how much.
struct Nearness {
  /// Fewer tests are nearer; of as many, the smaller greatest margin.
  private(set) var tests: [ConditionTree.Node] = []
  private var relative = 0.0

  /// The rules that did not fire though their conditions had an answer, nearest first.
  static func nearest(_ rules: [RuleExplanation], atMost count: Int) -> [Explanation.NearRule] {
    var found: [(place: Int, rule: RuleExplanation, distance: Nearness)] = []
    for (place, explained) in rules.enumerated() {
      guard case .notFired = explained.state, let condition = explained.condition else { continue }
      found.append((place, explained, Nearness(of: condition.root, to: .pass)))
    }
    found.sort { left, right in
      left.distance.precedes(right.distance)
        || !right.distance.precedes(left.distance) && left.place < right.place
    }
    return found.prefix(count).map {
      Explanation.NearRule(
        rule: $0.rule.rule.id, isShadow: $0.rule.rule.status == .shadow, tests: $0.distance.tests)
    }
  }

  /// As deep as the condition, whose depth is limited.
  init(of node: ConditionTree.Node, to wanted: ConditionTree.Answer) {
    if node.answerOrWould == wanted { return }
    switch (node.kind, wanted) {
    case (.all, .pass), (.any, .fail): sum(node.children, wanted)
    case (.any, .pass), (.all, .fail): least(node.children, wanted, node)
    case (.not, _): sum(node.children, wanted == .pass ? .fail : .pass)
    case (.binding, _) where !node.children.isEmpty: sum(node.children, wanted)
    default:
      tests = [node]
      relative =
        node.margin?.relative ?? (node.answerOrWould == .fail || node.answerOrWould == .pass ? 1 : .infinity)
    }
  }

  private mutating func sum(_ children: [ConditionTree.Node], _ wanted: ConditionTree.Answer) {
    for child in children {
      let part = Nearness(of: child, to: wanted)
      tests += part.tests
      relative = max(relative, part.relative)
    }
  }

  private mutating func least(
    _ children: [ConditionTree.Node], _ wanted: ConditionTree.Answer, _ node: ConditionTree.Node
  ) {
    let parts = children.map { Nearness(of: $0, to: wanted) }
    self = parts.min { $0.precedes($1) } ?? self
    if parts.isEmpty { tests = [node] }
  }

  private func precedes(_ other: Nearness) -> Bool {
    (tests.count, relative) < (other.tests.count, other.relative)
  }
}
