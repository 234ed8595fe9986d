/// Variables and fields that may be absent.
extension Checker {
  /// `user.?country` and what is read out of it, where `user.country` is a declared name: an optional value that is there
  /// when the variable is. Nil for any other node.
  mutating func checkOptionalVariable(_ id: NodeID) -> CELType? {
    guard let chain = expression.optionalChain(id), chain.isAbsolute || locals[chain.name]?.isEmpty != false
    else { return nil }
    let segments = chain.segments
    for count in stride(from: min(segments.count, names.segmentsMax), through: chain.segmentsMin, by: -1) {
      let name = segments[..<count].joined(separator: ".")
      guard let meaning = names.meaning(of: name, absolute: chain.isAbsolute) else { continue }
      let node = chain.links[count - 2].node
      references[Int(node.index)] = meaning.reference.optional
      var type = isPresence(node) ? .bool : CELType.optional(meaning.type)
      types[Int(node.index)] = type
      for link in chain.links[(count - 1)...] {
        type = optionalField(link, of: type)
        types[Int(link.node.index)] = type
      }
      return type
    }
    return reportIncomplete(chain)
  }

  private mutating func optionalField(_ link: OptionalChain.Link, of type: CELType) -> CELType {
    switch expression[link.node].kind {
    case .select(let operand, let field, let presence):
      let selected = selectField(link.node, field, of: type, operand)
      return presence ? .bool : selected
    case .call(_, _, let operands) where operands.count == 2:
      return optionalSelect(of: type, operands[0], operands[1])
    default: return .error
    }
  }

  /// `user.?contry`, where `user` is the beginning of names but no value.
  private mutating func reportIncomplete(_ chain: OptionalChain) -> CELType? {
    let segments = chain.segments
    let beginning = segments[..<(chain.segmentsMin - 1)].joined(separator: ".")
    guard names.isBeginning(beginning), names.meaning(of: beginning, absolute: chain.isAbsolute) == nil else {
      return nil
    }
    let last = chain.links[chain.segmentsMin - 2].node
    reportUnknown(
      Array(segments[..<chain.segmentsMin]),
      span: expression[chain.root].span.lowerBound..<expression[last].span.upperBound)
    for link in chain.links { types[Int(link.node.index)] = .error }
    types[Int(chain.root.index)] = .error
    return .error
  }

  /// `operand.?field`: the field of a map, or of an optional one, as an optional value.
  mutating func checkOptionalSelect(_ operands: [NodeID]) -> CELType {
    let type = check(operands[0])
    _ = check(operands[1])
    return optionalSelect(of: type, operands[0], operands[1])
  }

  private mutating func optionalSelect(of type: CELType, _ operand: NodeID, _ field: NodeID) -> CELType {
    var type = type
    if case .optional(let inner) = type { type = inner }
    if type == .error { return .error }
    if type.isOpen { return .optional(type) }
    if case .map(let key, let value) = type, CELType.string.agrees(with: key) { return .optional(value) }
    findings.add(
      .noSuchField, expression[field].span,
      "`\(text(operand))` is `\(type.displayName)` and has no fields that may be absent")
    return .error
  }
}

extension CheckedExpression.Reference {
  /// The same name where its value may be absent.
  fileprivate var optional: CheckedExpression.Reference {
    if case .variable(let slot) = self { .optionalVariable(slot: slot) } else { self }
  }
}
