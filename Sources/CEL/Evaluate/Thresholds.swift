/// A comparison of a value with a constant by order, within an expression: `payouts_24h > 3`.
package struct ThresholdComparison: Sendable {
  /// How the value stands to the constant, the value on the left.
  package enum Order: String, Sendable, CaseIterable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// The same with the sides exchanged.
    fileprivate var flipped: Order {
      switch self {
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      }
    }
  }

  package let order: Order
  /// A number or a duration.
  package let constant: Value
  /// Where the value stands in the source, in UTF-8.
  package let valueSpan: Range<Int>
  /// Where the constant stands in the source.
  package let constantSpan: Range<Int>
  /// Where the comparison stands in the source.
  package let span: Range<Int>
  /// Positions in the plan.
  fileprivate let node: Int
  fileprivate let value: Int
}

extension Program {
  /// The comparisons by order of a value with a constant, in the order of the source.
  ///
  /// The value is whatever does not depend on the variable of a macro, which has another value for each element.
  package var thresholdComparisons: [ThresholdComparison] {
    let found = plan.nodes.indices.compactMap { comparison(at: $0) }
    return found.sorted {
      ($0.span.lowerBound, $0.span.upperBound) < ($1.span.lowerBound, $1.span.upperBound)
    }
  }

  /// The program with one of its comparisons taken for true, or for false, whatever it compares.
  package func forcing(_ comparison: ThresholdComparison, to answer: Bool) -> Program {
    var nodes = plan.nodes
    nodes[comparison.node] = PlanNode(operation: .constant(.bool(answer)), span: comparison.span)
    return Program(Plan(nodes: nodes, like: plan), types: types)
  }

  /// The value that one of its comparisons compares, as a program of its own.
  package func value(of comparison: ThresholdComparison) -> Program {
    Program(Plan(nodes: Array(plan.nodes[...comparison.value]), like: plan), types: types)
  }

  private func comparison(at node: Int) -> ThresholdComparison? {
    guard case .binary(let function, let left, let right) = plan.nodes[node].operation,
      let order = ThresholdComparison.Order(function)
    else { return nil }
    let isFlipped = constant(at: right) == nil
    let (value, other) = isFlipped ? (right, left) : (left, right)
    guard let constant = constant(at: other), isWithoutLocals(value), self.constant(at: value) == nil else {
      return nil
    }
    return ThresholdComparison(
      order: isFlipped ? order.flipped : order, constant: constant, valueSpan: plan.nodes[value].span,
      constantSpan: plan.nodes[other].span, span: plan.nodes[node].span, node: node, value: value)
  }

  /// A constant that has neighbours: a number or a duration.
  private func constant(at node: Int) -> Value? {
    guard case .constant(let value, _) = plan.nodes[node].operation else { return nil }
    switch value {
    case .int, .uint, .double, .duration: return value
    default: return nil
    }
  }

  /// Whether nothing in the text of a node names the variable of a macro.
  private func isWithoutLocals(_ node: Int) -> Bool {
    let span = plan.nodes[node].span
    return !plan.nodes[...node].contains { candidate in
      guard case .local = candidate.operation else { return false }
      return span.contains(candidate.span.lowerBound) || candidate.span == span
    }
  }
}

extension ThresholdComparison.Order {
  fileprivate init?(_ function: BinaryFunction) {
    switch function {
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .greater: self = .greater
    case .greaterOrEqual: self = .greaterOrEqual
    default: return nil
    }
  }
}
