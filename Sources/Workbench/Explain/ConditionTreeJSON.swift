extension ConditionTree {
  /// The tree as JSON; members that say nothing are left out.
  package var json: JSONValue { root.json }
}

extension ConditionTree.Node {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("answer", .string(answer.json)), .init("source", .string(text)),
      .init("span", .array([.number(String(span.lowerBound)), .number(String(span.upperBound))])),
      .init("kind", .string(kind.rawValue)),
    ]
    if let element { members.append(.init("element", .number(String(element)))) }
    if let would { members.append(.init("would", .string(would.json))) }
    if !operands.isEmpty { members.append(.init("operands", .array(operands.map(\.member)))) }
    if let margin { members.append(.init("margin", margin.json)) }
    if !missing.isEmpty { members.append(.init("missing", .array(missing.map { .string($0) }))) }
    if let error { members.append(.init("error", .string(error))) }
    if stepsOmitted > 0 { members.append(.init("steps_omitted", .number(String(stepsOmitted)))) }
    if !children.isEmpty { members.append(.init("children", .array(children.map(\.json)))) }
    return .object(members)
  }
}

extension ConditionTree.Answer {
  /// `pass`, `not_looked_at`.
  fileprivate var json: String { rawValue.lowercased().split(separator: " ").joined(separator: "_") }
}

extension ConditionTree.Operand {
  fileprivate var member: JSONValue { .object([.init("source", .string(text)), .init("value", json)]) }
}

extension Margin {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("value", .string(value)), .init("side", .string(side)), .init("threshold", .string(threshold)),
      .init("distance", .string(distance)), .init("sign", .number(String(sign))),
      .init("relative", .number(relative.description)),
    ]
    if let unit { members.append(.init("unit", .string(unit))) }
    return .object(members)
  }
}
