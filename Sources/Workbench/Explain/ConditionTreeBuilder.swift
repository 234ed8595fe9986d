package import CEL
package import RuleSets

extension ConditionTree {
  /// Runs the condition of `rule` over `frame`, recording.
  ///
  /// With `everywhere` the parts that were passed over say what they would have come to.
  package init(_ rule: Rule, over frame: borrowing Frame, _ names: SlotNames, everywhere: Bool = false) {
    let recording = rule.condition.recording(frame, everywhere: everywhere)
    let currencies = Dictionary(
      rule.slots.compactMap { slot in names.currency(of: slot).map { (slot, frame.textOrNil(at: $0)) } }
    ) { first, _ in first }
    let builder = ConditionTreeBuilder(
      source: Array(rule.source.utf8), names: names, currencies: currencies.compactMapValues { $0 })
    root = builder.node(recording.root)
  }
}

extension Frame {
  fileprivate borrowing func textOrNil(at slot: Int) -> String? {
    guard slots.indices.contains(slot), case .string = slots[slot].kind else { return nil }
    return String(decoding: arena[slots[slot].range], as: UTF8.self)
  }
}

/// From a recorded run to the tree that is shown.
///
/// Sensitive values are masked here: a value that is read from a sensitive slot, computed from one, or an element of a
/// list that has such values. Truth values are not: a rule that fires tells as much.
private struct ConditionTreeBuilder {
  let source: [UInt8]
  let names: SlotNames
  /// By slot of an amount of money: its currency in this event.
  let currencies: [Int: String]
  /// The names that a macro gives stand for sensitive values.
  var hidesLocals = false

  func node(_ recorded: RecordedNode, element: Int? = nil) -> ConditionTree.Node {
    let (kind, children) = parts(recorded)
    let isTest = kind == .test
    let (answer, would) = answers(recorded)
    var missing: [String] = []
    if case .unknown(let slots) = recorded.outcome { missing = slots.map(names.name) }
    return ConditionTree.Node(
      span: recorded.span, text: text(recorded.span), kind: kind, element: element, answer: answer,
      would: would, operands: isTest ? operands(recorded) : bound(recorded),
      margin: isTest ? margin(recorded) : nil, missing: missing, error: error(recorded), children: children,
      stepsOmitted: recorded.stepsOmitted)
  }

  private func parts(_ recorded: RecordedNode) -> (ConditionTree.Kind, [ConditionTree.Node]) {
    switch recorded.kind {
    case .and: (.all, chain(recorded, recorded.kind).map { node($0) })
    case .or: (.any, chain(recorded, recorded.kind).map { node($0) })
    case .not: (.not, recorded.children.map { node($0) })
    case .conditional: (.choice, recorded.children.map { node($0) })
    case .binding: (.binding, inner(recorded).body(recorded))
    case .fold: (.fold, inner(recorded).elements(recorded))
    default: (.test, [])
    }
  }

  /// The links of a chain of one connective. As deep as the expression, whose depth is limited.
  private func chain(_ recorded: RecordedNode, _ kind: RecordedNode.Kind) -> [RecordedNode] {
    recorded.kind == kind ? recorded.children.flatMap { chain($0, kind) } : [recorded]
  }

  /// For what stands within a macro, whose names stand for the values of its range.
  private func inner(_ recorded: RecordedNode) -> ConditionTreeBuilder {
    var inner = self
    if let range = recorded.children.first, isSensitive(range) { inner.hidesLocals = true }
    return inner
  }

  private func body(_ recorded: RecordedNode) -> [ConditionTree.Node] {
    recorded.children.dropFirst().map { node($0) }
  }

  /// The truth values among a fold's arguments, for each element.
  private func elements(_ recorded: RecordedNode) -> [ConditionTree.Node] {
    recorded.children.dropFirst().flatMap { step -> [ConditionTree.Node] in
      guard case .element(let position) = step.kind else { return [] }
      return step.children.prefix(1).map { node($0, element: position) }
    }
  }

  private func text(_ span: Range<Int>) -> String {
    let bytes = source[span.clamped(to: source.indices)]
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// What nodes came to.
extension ConditionTreeBuilder {
  private func answers(_ recorded: RecordedNode) -> (ConditionTree.Answer, would: ConditionTree.Answer?) {
    let answer = answer(recorded.outcome)
    if recorded.wasLookedAt { return (answer, nil) }
    return (.notLookedAt, answer == .notLookedAt ? nil : answer)
  }

  private func answer(_ outcome: RecordedNode.Outcome) -> ConditionTree.Answer {
    switch outcome {
    case .value(.bool(true)): .pass
    case .value(.bool(false)): .fail
    // No truth value where one is needed.
    case .value, .error: .error
    case .unknown: .unknown
    case .notLookedAt: .notLookedAt
    }
  }

  private func error(_ recorded: RecordedNode) -> String? {
    switch recorded.outcome {
    case .error(let error): error.message
    case .value(.bool), .unknown, .notLookedAt: nil
    case .value: "a condition must be a `bool`"
    }
  }
}

/// The values that are shown.
extension ConditionTreeBuilder {
  /// The sides of a test, then what they are computed from; each text once.
  private func operands(_ recorded: RecordedNode) -> [ConditionTree.Operand] {
    var found: [ConditionTree.Operand] = []
    func add(_ node: RecordedNode) {
      guard case .constant = node.kind else {
        if let operand = operand(node), !found.contains(where: { $0.text == operand.text }) {
          found.append(operand)
        }
        return
      }
    }
    for child in recorded.children { add(child) }
    for child in recorded.children { for read in variables(below: child) { add(read) } }
    return found
  }

  /// The value that a binding names, and the range of a fold.
  private func bound(_ recorded: RecordedNode) -> [ConditionTree.Operand] {
    guard recorded.kind == .binding || recorded.kind == .fold, let range = recorded.children.first,
      range.kind != .constant
    else { return [] }
    return operand(range).map { [$0] } ?? []
  }

  private func operand(_ recorded: RecordedNode) -> ConditionTree.Operand? {
    let text = text(recorded.span)
    switch recorded.outcome {
    case .notLookedAt: return nil
    case .unknown: return ConditionTree.Operand(text: text, value: "missing", json: .null)
    case .error: return ConditionTree.Operand(text: text, value: "error", json: .null)
    case .value(let value):
      if isSensitive(recorded), !value.isBool {
        return ConditionTree.Operand(
          text: text, value: ValueWords.masked, json: .string(ValueWords.masked))
      }
      return ConditionTree.Operand(text: text, value: ValueWords.text(value), json: ValueWords.json(value))
    }
  }

  /// The slots that something larger reads.
  private func variables(below recorded: RecordedNode) -> [RecordedNode] {
    recorded.children.flatMap { child -> [RecordedNode] in
      if case .variable = child.kind { return [child] }
      return variables(below: child)
    }
  }

  private func isSensitive(_ recorded: RecordedNode) -> Bool {
    switch recorded.kind {
    case .variable(let slot): names.isSensitive(slot)
    case .local: hidesLocals
    default: recorded.children.contains { isSensitive($0) }
    }
  }

  /// Of a comparison of two values that may be shown; a constant is what the other side is compared with.
  private func margin(_ recorded: RecordedNode) -> Margin? {
    guard case .comparison(let comparison) = recorded.kind, recorded.children.count == 2,
      !recorded.children.contains(where: { isSensitive($0) }),
      case .value(let left) = recorded.children[0].outcome,
      case .value(let right) = recorded.children[1].outcome
    else { return nil }
    let unit = recorded.children.lazy.compactMap { self.unit($0) }.first
    if case .constant = recorded.children[0].kind {
      return Margin(right, comparison.mirrored, left, unit: unit)
    }
    return Margin(left, comparison, right, unit: unit)
  }

  private func unit(_ recorded: RecordedNode) -> String? {
    guard case .variable(let slot) = recorded.kind, let currency = currencies[slot] else { return nil }
    return "minor units of \(currency)"
  }
}

extension Value {
  fileprivate var isBool: Bool { if case .bool = self { true } else { false } }
}
