extension Parser {
  /// A call, expanded when it is a macro.
  mutating func expandCall(
    _ function: String, _ name: Range<Int>, target: NodeID?, _ arguments: [NodeID], _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    guard let macro = Macro(function: function, hasTarget: target != nil, in: extensions) else {
      return try call(function, target: target, arguments, span)
    }
    guard let variableCount = macro.variableCount(ofArguments: arguments.count, in: extensions) else {
      throw ExpressionDiagnostics(
        .macroArguments, name,
        "`\(function)` does not take \(arguments.count) argument\(arguments.count == 1 ? "" : "s")",
        hint: "write `\(macro.usage)`")
    }
    var variables: [String] = []
    for argument in arguments.prefix(variableCount) {
      variables.append(try variable(argument, of: macro, variableCount))
    }
    switch (macro, target) {
    case (.has, _): return try presence(of: arguments[0], span)
    case (.bind, _): return try binding(variables[0], arguments, span)
    case (.block, _): return try block(arguments[0], arguments[1], span)
    case (.blockIndex, _), (.blockVariable, _): return try blockName(macro, arguments, span)
    case (.optMap, let target?), (.optFlatMap, let target?):
      return try optionalMap(macro, variables[0], target, arguments, span)
    case (_, let target?): return try fold(macro, variables, over: target, arguments, span)
    default: return try call(function, target: target, arguments, span)
    }
  }

  private mutating func call(
    _ function: String, target: NodeID?, _ arguments: [NodeID], _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    var arguments = arguments
    if MathFunctions.takesAnyCount(function), arguments.count > 2, extensions.contains(.math) {
      arguments = [try nodes.add(.list(arguments), span)]
    }
    return try nodes.add(.call(function: function, target: target, arguments: arguments), span)
  }

  /// The name that an argument declares.
  private func variable(
    _ argument: NodeID, of macro: Macro, _ count: Int
  ) throws(ExpressionDiagnostics) -> String {
    if case .identifier(let name, absolute: false) = nodes[argument].kind { return name }
    let which =
      count == 1
      ? "the first argument of `\(macro.rawValue)` names its variable"
      : "the first two arguments of `\(macro.rawValue)` name its variables"
    throw ExpressionDiagnostics(
      .macroVariable, nodes[argument].span, which,
      hint: count == 2 && macro.needed == []
        ? "write `list.\(macro.rawValue)(i, x, condition)`" : "write `\(macro.usage)`")
  }

  /// The name of an extension's function whose first part, such as `math`, was read as a value; its node is taken back.
  mutating func takeNamespace(_ operand: NodeID, of name: String) -> String? {
    guard case .identifier(let namespace, _) = nodes[operand].kind,
      ExtensionFunction.namespaces.contains(namespace),
      Int(operand.index) == nodes.nodes.count - 1
    else { return nil }
    let function = namespace + "." + name
    let isKnown =
      Macro(function: function, hasTarget: false, in: extensions) != nil
      || ExtensionFunction.exists(function, in: extensions)
    guard isKnown else { return nil }
    nodes.removeLast()
    return function
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

  private mutating func fold(
    _ macro: Macro, _ variables: [String], over range: NodeID, _ arguments: [NodeID], _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    spares += arguments.prefix(variables.count)
    let body = arguments[arguments.count - 1]
    let bodySpan = nodes[body].span
    let parts: FoldParts
    switch macro {
    case .all, .exists: parts = try quantifier(macro, body, span)
    case .existsOne: parts = try existsOne(body, span)
    case .transformMap, .transformMapEntry:
      let initial = try leaf(.map([]), bodySpan)
      let key = macro == .transformMap ? [try identifier(variables[0], bodySpan)] : []
      let step = try nodes.call(
        Operator.insert, [try identifier(Macro.accumulator, bodySpan)] + key + [body], bodySpan)
      parts = try collector(initial, step, arguments, variables.count, span)
    default:
      let initial = try leaf(.list([]), bodySpan)
      let value = macro == .filter ? try identifier(variables[0], bodySpan) : body
      let element = try nodes.add(.list([value]), bodySpan)
      var step = try nodes.call(
        Operator.add, [try identifier(Macro.accumulator, bodySpan), element], bodySpan)
      if macro == .filter { step = try choice(body, step, bodySpan) }
      parts = try collector(initial, step, arguments, variables.count, span)
    }
    let fold = Node.Comprehension(
      variable: variables[0], secondVariable: variables.count > 1 ? variables[1] : nil, range: range,
      accumulator: Macro.accumulator, initial: parts.initial, condition: parts.condition, step: parts.step,
      result: parts.result)
    return try nodes.add(.comprehension(fold), span)
  }

  private typealias FoldParts = (initial: NodeID, condition: NodeID, step: NodeID, result: NodeID)

  private mutating func quantifier(
    _ macro: Macro, _ body: NodeID, _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> FoldParts {
    let bodySpan = nodes[body].span
    let initial = try leaf(.literal(.bool(macro == .all)), bodySpan)
    var proceed = try identifier(Macro.accumulator, bodySpan)
    if macro == .exists { proceed = try nodes.call(Operator.not, [proceed], bodySpan) }
    let condition = try nodes.call(Operator.notStrictlyFalse, [proceed], bodySpan)
    let operation = macro == .all ? Operator.and : Operator.or
    let step = try nodes.call(operation, [try identifier(Macro.accumulator, bodySpan), body], bodySpan)
    return (initial, condition, step, try identifier(Macro.accumulator, span))
  }

  private mutating func existsOne(
    _ body: NodeID, _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> FoldParts {
    let bodySpan = nodes[body].span
    let initial = try leaf(.literal(.int(0)), bodySpan)
    let condition = try leaf(.literal(.bool(true)), bodySpan)
    let one = try leaf(.literal(.int(1)), bodySpan)
    let more = try nodes.call(Operator.add, [try identifier(Macro.accumulator, bodySpan), one], bodySpan)
    let step = try choice(body, more, bodySpan)
    let expected = try leaf(.literal(.int(1)), span)
    let result = try nodes.call(
      Operator.equal, [try identifier(Macro.accumulator, span), expected], span)
    return (initial, condition, step, result)
  }

  /// A list or map that grows by one step for each element, where the argument before the last allows it.
  private mutating func collector(
    _ initial: NodeID, _ step: NodeID, _ arguments: [NodeID], _ variableCount: Int, _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> FoldParts {
    let bodySpan = nodes[arguments[arguments.count - 1]].span
    let condition = try leaf(.literal(.bool(true)), bodySpan)
    var step = step
    if arguments.count == variableCount + 2 {
      step = try choice(arguments[variableCount], step, bodySpan)
    }
    return (initial, condition, step, try identifier(Macro.accumulator, span))
  }

  /// `condition ? value : @result`
  private mutating func choice(
    _ condition: NodeID, _ value: NodeID, _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    try nodes.call(
      Operator.conditional, [condition, value, try identifier(Macro.accumulator, span)], span)
  }

  mutating func identifier(_ name: String, _ span: Range<Int>) throws(ExpressionDiagnostics) -> NodeID {
    try leaf(.identifier(name, absolute: false), span)
  }

  /// A node without children, in the place of one that is left over where there is such a one.
  mutating func leaf(_ kind: Node.Kind, _ span: Range<Int>) throws(ExpressionDiagnostics) -> NodeID {
    guard let spare = spares.popLast() else { return try nodes.add(kind, span) }
    nodes[spare].kind = kind
    nodes[spare].span = span
    return spare
  }
}
