/// The macros: calls that are replaced while parsing, since they bind a variable or do not evaluate their argument.
package enum Macro: String, CaseIterable {
  case has
  case all
  case exists
  case existsOne = "exists_one"
  case map
  case filter

  /// The accumulator of every fold; no author can write this name.
  package static let accumulator = "@result"

  /// How it is written.
  package var usage: String {
    switch self {
    case .has: "has(a.b)"
    case .map: "list.map(x, value)` or `list.map(x, condition, value)"
    case .all, .exists, .existsOne, .filter: "list.\(rawValue)(x, condition)"
    }
  }

  /// Accepts `existsOne` also, as newer implementations of the language do.
  init?(function: String, hasTarget: Bool) {
    guard let macro = Macro(rawValue: function == "existsOne" ? "exists_one" : function),
      (macro == .has) != hasTarget
    else { return nil }
    self = macro
  }
}

extension Parser {
  /// A call, expanded when it is a macro.
  mutating func expandCall(
    _ function: String, _ name: Range<Int>, target: NodeID?, _ arguments: [NodeID], _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    guard let macro = Macro(function: function, hasTarget: target != nil) else {
      return try nodes.add(.call(function: function, target: target, arguments: arguments), span)
    }
    let fits =
      macro == .has ? arguments.count == 1 : arguments.count == 2 || (macro == .map && arguments.count == 3)
    guard fits else {
      throw ExpressionDiagnostics(
        .macroArguments, name,
        "`\(function)` does not take \(arguments.count) argument\(arguments.count == 1 ? "" : "s")",
        hint: "write `\(macro.usage)`")
    }
    guard let target else { return try presence(of: arguments[0], span) }
    guard case .identifier(let variable, absolute: false) = nodes[arguments[0]].kind else {
      throw ExpressionDiagnostics(
        .macroVariable, nodes[arguments[0]].span, "the first argument of `\(function)` names its variable",
        hint: "write `\(macro.usage)`")
    }
    return try fold(macro, variable, over: target, arguments, span)
  }

  private mutating func presence(of argument: NodeID, _ span: Range<Int>) throws(ExpressionDiagnostics)
    -> NodeID
  {
    guard case .select(let operand, let field, presence: false) = nodes[argument].kind else {
      throw ExpressionDiagnostics(
        .hasArgument, nodes[argument].span, "`has` takes a field, such as `has(user.id)`")
    }
    nodes[argument] = Node(kind: .select(operand: operand, field: field, presence: true), span: span)
    return argument
  }

  /// The node of the variable's declaration is used again for the initial value, so that no node is left over.
  private mutating func fold(
    _ macro: Macro, _ variable: String, over range: NodeID, _ arguments: [NodeID], _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    let initial = arguments[0]
    let body = arguments[arguments.count - 1]
    let bodySpan = nodes[body].span
    let condition: NodeID
    var step: NodeID
    let result: NodeID
    switch macro {
    case .all, .exists:
      nodes[initial].kind = .literal(.bool(macro == .all))
      var proceed = try accumulator(bodySpan)
      if macro == .exists { proceed = try nodes.call(Operator.not, [proceed], bodySpan) }
      condition = try nodes.call(Operator.notStrictlyFalse, [proceed], bodySpan)
      let operation = macro == .all ? Operator.and : Operator.or
      step = try nodes.call(operation, [try accumulator(bodySpan), body], bodySpan)
      result = try accumulator(span)
    case .existsOne:
      nodes[initial].kind = .literal(.int(0))
      condition = try nodes.add(.literal(.bool(true)), bodySpan)
      let one = try nodes.add(.literal(.int(1)), bodySpan)
      let more = try nodes.call(Operator.add, [try accumulator(bodySpan), one], bodySpan)
      step = try choice(body, more, bodySpan)
      let expected = try nodes.add(.literal(.int(1)), span)
      result = try nodes.call(Operator.equal, [try accumulator(span), expected], span)
    case .map, .filter, .has:
      nodes[initial].kind = .list([])
      condition = try nodes.add(.literal(.bool(true)), bodySpan)
      let value = macro == .filter ? try nodes.add(.identifier(variable, absolute: false), bodySpan) : body
      let element = try nodes.add(.list([value]), bodySpan)
      step = try nodes.call(Operator.add, [try accumulator(bodySpan), element], bodySpan)
      if macro == .filter { step = try choice(body, step, bodySpan) }
      if arguments.count == 3 { step = try choice(arguments[1], step, bodySpan) }
      result = try accumulator(span)
    }
    let fold = Node.Comprehension(
      variable: variable, range: range, accumulator: Macro.accumulator, initial: initial,
      condition: condition, step: step, result: result)
    return try nodes.add(.comprehension(fold), span)
  }

  private mutating func accumulator(_ span: Range<Int>) throws(ExpressionDiagnostics) -> NodeID {
    try nodes.add(.identifier(Macro.accumulator, absolute: false), span)
  }

  /// `condition ? value : @result`
  private mutating func choice(
    _ condition: NodeID, _ value: NodeID, _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    try nodes.call(Operator.conditional, [condition, value, try accumulator(span)], span)
  }
}
