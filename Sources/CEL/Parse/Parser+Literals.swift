/// Lists, maps and messages written in an expression.
extension Parser {
  mutating func list() throws(ExpressionDiagnostics) -> NodeID {
    let opening = token
    try advance()
    var elements: [NodeID] = []
    while token.kind != .rightBracket {
      let mark = token.span.lowerBound
      let isOptional = try optionalMark()
      let element = try expression()
      elements.append(isOptional ? try optionalElement(element, from: mark) : element)
      guard token.kind == .comma else { break }
      try advance()
    }
    try close(.rightBracket, opening)
    return try nodes.add(.list(elements), opening.span.lowerBound..<previous.span.upperBound)
  }

  mutating func map() throws(ExpressionDiagnostics) -> NodeID {
    let opening = token
    try advance()
    var entries: [(key: NodeID, value: NodeID)] = []
    while token.kind != .rightBrace {
      let mark = token.span.lowerBound
      let isOptional = try optionalMark()
      let key = try expression()
      guard token.kind == .colon else { throw unexpected(wanted: "`:`") }
      try advance()
      let value = try expression()
      entries.append((key, isOptional ? try optionalElement(value, from: mark) : value))
      guard token.kind == .comma else { break }
      try advance()
    }
    try close(.rightBrace, opening)
    return try nodes.add(.map(entries), opening.span.lowerBound..<previous.span.upperBound)
  }

  mutating func message(_ name: String, start: Int) throws(ExpressionDiagnostics) -> NodeID {
    let opening = token
    try advance()
    var fields: [(field: String, value: NodeID)] = []
    while token.kind != .rightBrace {
      _ = try optionalMark()
      guard token.kind == .identifier || token.kind == .quotedIdentifier else {
        throw unexpected(wanted: "a field name")
      }
      let field = lexer.text(token.span)
      try advance()
      guard token.kind == .colon else { throw unexpected(wanted: "`:`") }
      try advance()
      fields.append((field, try expression()))
      guard token.kind == .comma else { break }
      try advance()
    }
    try close(.rightBrace, opening)
    return try nodes.add(.message(name, fields), start..<previous.span.upperBound)
  }

  /// Reads the `?` of an optional field, index or element; false when there is none.
  mutating func optionalMark() throws(ExpressionDiagnostics) -> Bool {
    guard token.kind == .question else { return false }
    guard extensions.contains(.optionals) else { throw optionalSyntax() }
    try advance()
    return true
  }

  private mutating func optionalElement(
    _ value: NodeID, from start: Int
  ) throws(ExpressionDiagnostics) -> NodeID {
    let span = min(start, nodes[value].span.lowerBound)..<nodes[value].span.upperBound
    return try nodes.call(Operator.optionalElement, [value], span)
  }
}
