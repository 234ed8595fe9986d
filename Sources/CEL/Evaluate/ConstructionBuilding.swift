extension PlanBuilder {
  /// A list of constants is itself one.
  mutating func buildList(_ elements: [NodeID], _ span: Range<Int>) -> Int {
    var built: [(element: Int, isOptional: Bool)] = []
    for element in elements {
      let (value, isOptional) = entry(element)
      built.append((element: build(value), isOptional: isOptional))
    }
    if built.contains(where: \.isOptional) { return add(.optionalList(built), span) }
    let constants = built.compactMap { constant($0.element) }
    guard constants.count == built.count else { return add(.list(built.map(\.element)), span) }
    return add(.constant(.list(constants)), span)
  }

  mutating func buildMap(_ entries: [(key: NodeID, value: NodeID)], _ span: Range<Int>) -> Int {
    var built: [(key: Int, value: Int, isOptional: Bool)] = []
    for pair in entries {
      let (value, isOptional) = entry(pair.value)
      built.append((key: build(pair.key), value: build(value), isOptional: isOptional))
    }
    if built.contains(where: \.isOptional) { return add(.optionalMap(built), span) }
    return add(.map(built.map { ($0.key, $0.value) }), span)
  }

  /// What stands behind the `?` of an optional element or entry.
  private func entry(_ id: NodeID) -> (value: NodeID, isOptional: Bool) {
    guard expression.nodes.indices.contains(Int(id.index)),
      case .call(Operator.optionalElement, nil, let operands) = expression[id].kind, operands.count == 1
    else { return (id, false) }
    return (operands[0], true)
  }
}
