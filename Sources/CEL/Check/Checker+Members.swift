/// Lists to the right of `in`, and calls that always come to the same.
extension Checker {
  /// `x in [a, b, a]`, `x in []`.
  mutating func checkMembers(_ id: NodeID, _ element: NodeID, _ container: NodeID) {
    guard case .list(let members) = expression[container].kind else { return }
    if members.isEmpty, literal(element) == nil {
      findings.add(.neverHolds, expression[id].span, "`\(text(id))` never holds", hint: "the list is empty")
    }
    var seen: Set<ScalarKey> = []
    seen.reserveCapacity(members.count)
    for member in members where findings.hasRoomForWarnings {
      guard let key = literal(member).flatMap(ScalarKey.init), !seen.insert(key).inserted else { continue }
      findings.add(
        .duplicateMember, severity: .warning, expression[member].span,
        "the member `\(text(member))` stands in the list already", hint: "take it out")
    }
  }

  /// `n / 0`, `text.contains("")`: what the second operand alone decides.
  mutating func checkSecondOperand(_ id: NodeID, _ function: String, _ first: NodeID, _ second: NodeID) {
    let type = types[Int(first.index)]
    switch (function, literal(second)) {
    case (Operator.divide, .int(0)?), (Operator.divide, .uint(0)?), (Operator.modulo, .int(0)?),
      (Operator.modulo, .uint(0)?):
      findings.add(
        .alwaysFails, severity: .warning, expression[id].span, "`\(text(id))` always fails",
        hint: "there is no division by zero")
    case ("contains", .string("")?), ("startsWith", .string("")?), ("endsWith", .string("")?),
      ("matches", .string("")?):
      guard type.isText else { return }
      findings.add(
        .alwaysHolds, severity: .warning, expression[id].span, "`\(text(id))` always holds",
        hint: "every text has the empty text within it")
    default: break
    }
  }

  /// `a == a`, `a < a`; not of doubles, of which NaN does not equal itself.
  mutating func checkSameSides(_ id: NodeID, _ function: String, _ left: NodeID, _ right: NodeID) {
    let type = types[Int(left.index)]
    guard !type.isOpen, type == types[Int(right.index)], type.isPlain, isName(left), isName(right) else {
      return
    }
    guard text(left) == text(right), !isAccumulator(left) else { return }
    switch function {
    case Operator.equal, Operator.lessOrEqual, Operator.greaterOrEqual:
      findings.add(
        .alwaysHolds, severity: .warning, expression[id].span, "`\(text(id))` always holds",
        hint: "both sides are the same")
    case Operator.notEqual, Operator.less, Operator.greater:
      findings.add(
        .neverHolds, expression[id].span, "`\(text(id))` never holds", hint: "both sides are the same")
    default: break
    }
  }

  private func isName(_ id: NodeID) -> Bool { references[Int(id.index)] != nil }
}

extension CELType {
  /// Neither a double nor made of other types, where a double may be.
  fileprivate var isPlain: Bool {
    switch self {
    case .null, .bool, .int, .uint, .string, .bytes, .timestamp, .duration, .enumeration: true
    default: false
    }
  }
}
