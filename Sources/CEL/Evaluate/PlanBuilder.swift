/// Makes a plan of an expression.
///
/// The same builder serves checked expressions, whose names the checker has resolved, and unchecked ones, whose
/// unknown names and functions become nodes that fail when they are met.
struct PlanBuilder {
  let expression: Expression
  let references: [CheckedExpression.Reference?]
  let environment: Environment
  let names: NameTable
  var nodes: [PlanNode] = []
  /// The variables and accumulators of the enclosing folds, innermost last; the position is the local's number.
  var scope: [String] = []
  var localCount = 0
  /// Mistakes in constants: patterns that do not compile, time zones that do not exist.
  var diagnostics: [ExpressionDiagnostic] = []
  private var depth = 0

  init(_ expression: Expression, _ references: [CheckedExpression.Reference?], _ environment: Environment) {
    self.expression = expression
    self.references = references
    self.environment = environment
    names = NameTable(environment)
  }

  /// The plan of the whole.
  mutating func build() -> Plan {
    _ = build(expression.root)
    return Plan(nodes: nodes, localCount: localCount, environment: environment)
  }

  /// Adds the plan of a node and of all below it, and returns its position.
  mutating func build(_ id: NodeID) -> Int {
    guard expression.nodes.indices.contains(Int(id.index)) else {
      return add(.failure(Fault(.invalidArgument, "the expression is damaged")), 0..<0)
    }
    let node = expression[id]
    // Macros add a few levels to what the parser has counted.
    guard depth < environment.limits.depthMax * 4 else {
      return add(.failure(Fault(.budgetSpent, "the expression is nested too deeply")), node.span)
    }
    depth += 1
    defer { depth -= 1 }
    switch node.kind {
    case .literal(let value): return add(.constant(value), node.span)
    case .identifier, .select: return buildName(id, node)
    case .call(Operator.optionalSelect, nil, let arguments):
      return buildOptionalVariable(id, node)
        ?? buildCall(Operator.optionalSelect, target: nil, arguments, node.span)
    case .call(let function, let target, let arguments):
      return buildCall(function, target: target, arguments, node.span)
    case .list(let elements): return buildList(elements, node.span)
    case .map(let entries): return buildMap(entries, node.span)
    case .message(let name, _):
      return add(.failure(Fault(.unknownName, "there is no message type `\(name)`")), node.span)
    case .comprehension(let fold): return buildFold(fold, node.span)
    }
  }

  mutating func add(_ operation: PlanNode.Operation, _ span: Range<Int>) -> Int {
    nodes.append(PlanNode(operation: operation, span: span))
    return nodes.count - 1
  }

  /// The value of a node that is constant.
  func constant(_ node: Int) -> Value? {
    if case .constant(let value, _) = nodes[node].operation { value } else { nil }
  }
}
