/// Macros that give a value a name: a fold over nothing, whose accumulator is the name.
extension Parser {
  /// `cel.bind(name, value, body)`
  mutating func binding(
    _ name: String, _ arguments: [NodeID], _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    spares.append(arguments[0])
    return try bind(name, to: arguments[1], in: arguments[2], span)
  }

  private mutating func bind(
    _ name: String, to value: NodeID, in body: NodeID, _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    let valueSpan = nodes[value].span
    let range = try leaf(.list([]), valueSpan)
    let condition = try leaf(.literal(.bool(false)), valueSpan)
    let fold = Node.Comprehension(
      variable: Self.unusedVariable, range: range, accumulator: name, initial: value, condition: condition,
      step: try identifier(name, valueSpan), result: body)
    return try nodes.add(.comprehension(fold), span)
  }

  /// `target.optMap(name, body)` is `target.hasValue() ? optional.of(body) : optional.none()`, with the value of the target
  /// under the name; `optFlatMap` is the same without `optional.of`.
  mutating func optionalMap(
    _ macro: Macro, _ name: String, _ target: NodeID, _ arguments: [NodeID], _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    spares.append(arguments[0])
    let targetSpan = nodes[target].span
    let value = try nodes.add(
      .call(function: "value", target: try identifier(Self.optionalTarget, targetSpan), arguments: []),
      targetSpan)
    var body = try bind(name, to: value, in: arguments[1], span)
    if macro == .optMap { body = try nodes.call("optional.of", [body], span) }
    let hasValue = try nodes.add(
      .call(function: "hasValue", target: try identifier(Self.optionalTarget, targetSpan), arguments: []),
      targetSpan)
    let none = try nodes.call("optional.none", [], span)
    let choice = try nodes.call(Operator.conditional, [hasValue, body, none], span)
    return try bind(Self.optionalTarget, to: target, in: choice, span)
  }

  /// `cel.block([a, b], body)` binds `cel.index(0)` to `a` around `b`, and so on.
  mutating func block(
    _ list: NodeID, _ body: NodeID, _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    guard case .list(let values) = nodes[list].kind else {
      throw ExpressionDiagnostics(
        .macroVariable, nodes[list].span, "the first argument of `cel.block` is a list of values",
        hint: "write `\(Macro.block.usage)`")
    }
    guard !values.isEmpty else { return try bind(Self.unusedVariable, to: list, in: body, span) }
    // The list itself has no place in the tree.
    spares.append(list)
    var result = body
    for (index, value) in values.enumerated().reversed() {
      result = try bind(Self.blockIndexName(index), to: value, in: result, span)
    }
    return result
  }

  /// `cel.index(0)` and `cel.iterVar(0, 0)`, which are names.
  mutating func blockName(
    _ macro: Macro, _ arguments: [NodeID], _ span: Range<Int>
  ) throws(ExpressionDiagnostics) -> NodeID {
    var numbers: [Int64] = []
    for argument in arguments {
      guard case .literal(.int(let number)) = nodes[argument].kind, number >= 0 else {
        throw ExpressionDiagnostics(
          .macroVariable, nodes[argument].span, "`\(macro.rawValue)` takes numbers, from 0 on",
          hint: "write `\(macro.usage)`")
      }
      numbers.append(number)
    }
    for _ in numbers.dropFirst() { nodes.removeLast() }
    spares.append(arguments[0])
    let name =
      macro == .blockIndex ? Self.blockIndexName(numbers[0]) : "@variable:\(numbers[0]):\(numbers[1])"
    return try identifier(name, span)
  }

  /// None of these can be written by an author.
  private static let unusedVariable = "@unused"
  private static let optionalTarget = "@optional"

  private static func blockIndexName(_ index: some BinaryInteger) -> String { "@index:\(index)" }
}
