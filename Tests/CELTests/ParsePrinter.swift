import CEL

/// A tree as text: calls as `name(…)`, methods as `target.name(…)`, folds with their parts named.
enum ParsePrinter {
  static func text(_ source: String) throws -> String {
    let expression = try Expression.parse(source)
    return text(expression, expression.root)
  }

  static func text(_ expression: Expression, _ id: NodeID) -> String {
    func child(_ id: NodeID) -> String { text(expression, id) }
    switch expression[id].kind {
    case .literal(let value): return literal(value)
    case .identifier(let name, let absolute): return (absolute ? "." : "") + name
    case .select(let operand, let field, let presence):
      let selection = "\(child(operand)).\(field)"
      return presence ? "has(\(selection))" : selection
    case .call(let function, let target, let arguments):
      let call = "\(function)(\(arguments.map(child).joined(separator: ", ")))"
      return target.map { "\(child($0)).\(call)" } ?? call
    case .list(let elements): return "[\(elements.map(child).joined(separator: ", "))]"
    case .map(let entries):
      return "{\(entries.map { "\(child($0.key)): \(child($0.value))" }.joined(separator: ", "))}"
    case .message(let name, let fields):
      return "\(name){\(fields.map { "\($0.field): \(child($0.value))" }.joined(separator: ", "))}"
    case .comprehension(let fold):
      return "fold(\(fold.variable) in \(child(fold.range)), \(fold.accumulator) = \(child(fold.initial)), "
        + "while \(child(fold.condition)), \(child(fold.step)), \(child(fold.result)))"
    }
  }

  private static func literal(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .uint(let value): "\(value)u"
    case .double(let value): "\(value)"
    case .string(let value): "\"\(value)\""
    case .bytes(let value): "b\(value)"
    default: "?"
    }
  }
}
