internal import CEL

/// Finds `&&` chains that leave a whole-number value nothing to be: `n > 5 && n < 3`.
///
/// Only comparisons with constants are looked at, so that whatever is found is certain; a value that is missing does
/// not make the chain hold either.
struct RangeCheck {
  let findings: Findings

  fileprivate struct Bounds {
    var lower = Int64.min
    var upper = Int64.max
    /// The comparisons that the bounds come from.
    var lowerNode: Node?
    var upperNode: Node?
  }

  func check(_ checked: CheckedExpression, _ source: SourceString) {
    // A chain within a chain is looked at with the whole of it.
    let nodes = checked.expression.nodes
    let inner = Set(nodes.flatMap(Self.conjuncts))
    for (index, node) in nodes.enumerated()
    where !Self.conjuncts(of: node).isEmpty && !inner.contains(NodeID(index)) {
      check(chain: NodeID(index), checked, source)
    }
  }

  private static func conjuncts(of node: Node) -> [NodeID] {
    if case .call("_&&_", nil, let arguments) = node.kind { arguments } else { [] }
  }

  private func check(chain: NodeID, _ checked: CheckedExpression, _ source: SourceString) {
    var bounds: [Int: Bounds] = [:]
    var waiting = [chain]
    while let id = waiting.popLast() {
      let node = checked.expression[id]
      let operands = Self.conjuncts(of: node)
      waiting.append(contentsOf: operands.reversed())
      guard operands.isEmpty, let (slot, function, number) = checked.solvedComparison(id) else { continue }
      var known = bounds[slot] ?? Bounds()
      known.narrow(function, number, node)
      bounds[slot] = known
      guard known.lower > known.upper else { continue }
      let other = known.lowerNode?.span == node.span ? known.upperNode : known.lowerNode
      let text = Self.text(node, checked)
      findings.error(
        .neverHolds, at: findings.place(node.span, of: source),
        other.map { "`\(text)` never holds together with `\(Self.text($0, checked))`" }
          ?? "`\(text)` never holds",
        hint: "write `||` for one of the two, or make room between the numbers")
      return
    }
  }

  private static func text(_ node: Node, _ checked: CheckedExpression) -> String {
    let bytes = Array(checked.expression.source.utf8)
    guard node.span.upperBound <= bytes.count else { return "" }
    return SourceNode.shortened(String(decoding: bytes[node.span], as: UTF8.self))
  }
}

extension RangeCheck.Bounds {
  /// Takes in one comparison of the value with a number.
  fileprivate mutating func narrow(_ function: String, _ number: Int64, _ node: Node) {
    switch function {
    case "_>_" where number < .max: raise(to: number + 1, node)
    case "_>=_": raise(to: number, node)
    case "_<_" where number > .min: drop(to: number - 1, node)
    case "_<=_": drop(to: number, node)
    case "_==_":
      raise(to: number, node)
      drop(to: number, node)
    default: break
    }
  }

  private mutating func raise(to number: Int64, _ node: Node) {
    if number > lower || lowerNode == nil { (lower, lowerNode) = (number, node) }
  }

  private mutating func drop(to number: Int64, _ node: Node) {
    if number < upper || upperNode == nil { (upper, upperNode) = (number, node) }
  }
}
