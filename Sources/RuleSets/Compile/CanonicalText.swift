package import CEL

/// An expression without its layout: two that differ in blanks and superfluous parentheses give the same text.
package enum CanonicalText {
  /// The text of a whole expression.
  package static func of(_ expression: Expression) -> String {
    of(expression, expression.root)
  }

  /// The text of a part of an expression.
  package static func of(_ expression: Expression, _ part: NodeID) -> String {
    var text = ""
    append(part, of: expression, to: &text)
    return text
  }

  /// Recursion goes as deep as the parser allows expressions to nest.
  private static func append(_ id: NodeID, of expression: Expression, to text: inout String) {
    func list(_ head: String, _ children: [NodeID]) {
      text += "(" + head
      for child in children {
        text += " "
        append(child, of: expression, to: &text)
      }
      text += ")"
    }
    switch expression[id].kind {
    case .literal(let value): text += literal(value)
    case .identifier(let name, let absolute): text += (absolute ? "." : "") + name
    case .select(let operand, let field, let presence): list((presence ? "has " : "get ") + field, [operand])
    case .call(let function, let target, let arguments):
      list((target == nil ? "" : ".") + function, (target.map { [$0] } ?? []) + arguments)
    case .list(let elements): list("list", elements)
    case .map(let entries): list("map", entries.flatMap { [$0.key, $0.value] })
    case .message(let name, let fields): list("message " + name, fields.map(\.value))
    case .comprehension(let fold):
      list(
        "fold \(fold.variable) \(fold.secondVariable.map { $0 + " " } ?? "")\(fold.accumulator)",
        [fold.range, fold.initial, fold.condition, fold.step, fold.result])
    }
  }

  private static func literal(_ value: Value) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .int(let number): "\(number)"
    case .uint(let number): "\(number)u"
    case .double(let number): "d\(number)"
    case .string(let string): "\"\(string.utf8.count):\(string)\""
    case .bytes(let bytes): "b\(bytes)"
    default: "?"
    }
  }
}
