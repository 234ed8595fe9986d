extension Parser {
  /// A value and what is selected from it, called on it, or read out of it.
  mutating func member(minus: Token?) throws(ExpressionDiagnostics) -> NodeID {
    var operand = try primary(minus: minus)
    while true {
      switch token.kind {
      case .dot: operand = try selection(of: operand)
      case .leftBracket: operand = try subscription(of: operand)
      case .leftBrace:
        let start = nodes[operand].span.lowerBound
        guard let name = nodes.takeQualifiedName(operand) else { throw unexpected(wanted: nil) }
        operand = try message(name, start: start)
      default: return operand
      }
    }
  }

  private mutating func selection(of operand: NodeID) throws(ExpressionDiagnostics) -> NodeID {
    let start = nodes[operand].span.lowerBound
    try advance()
    let isOptional = try optionalMark()
    let name: String
    switch token.kind {
    case .quotedIdentifier:
      name = lexer.text(token.span.lowerBound + 1..<token.span.upperBound - 1)
    case .identifier:
      name = lexer.text(token.span)
      if ReservedWords.keywords.contains(name) { throw reservedWord(name, quotable: true) }
    default: throw unexpected(wanted: "a field name")
    }
    let isQuoted = token.kind == .quotedIdentifier
    let nameSpan = token.span
    try advance()
    if token.kind == .leftParenthesis, !isQuoted, !isOptional {
      if let function = takeNamespace(operand, of: name) {
        let arguments = try arguments()
        return try expandCall(
          function, start..<nameSpan.upperBound, target: nil, arguments, start..<previous.span.upperBound)
      }
      let arguments = try arguments()
      return try expandCall(name, nameSpan, target: operand, arguments, start..<previous.span.upperBound)
    }
    if isOptional {
      let field = try nodes.add(.literal(.string(name)), nameSpan)
      return try nodes.call(Operator.optionalSelect, [operand, field], start..<previous.span.upperBound)
    }
    return try nodes.add(
      .select(operand: operand, field: name, presence: false), start..<previous.span.upperBound)
  }

  private mutating func subscription(of operand: NodeID) throws(ExpressionDiagnostics) -> NodeID {
    let opening = token
    try advance()
    let isOptional = try optionalMark()
    let index = try expression()
    try close(.rightBracket, opening)
    return try nodes.call(
      isOptional ? Operator.optionalIndex : Operator.index, [operand, index],
      nodes[operand].span.lowerBound..<previous.span.upperBound)
  }

  /// The arguments of a call, parentheses included.
  private mutating func arguments() throws(ExpressionDiagnostics) -> [NodeID] {
    let opening = token
    try advance()
    var arguments: [NodeID] = []
    while token.kind != .rightParenthesis {
      arguments.append(try expression())
      guard token.kind == .comma else { break }
      try advance()
      if token.kind == .rightParenthesis { throw unexpected(wanted: "another argument") }
    }
    try close(.rightParenthesis, opening)
    return arguments
  }

  private mutating func primary(minus: Token?) throws(ExpressionDiagnostics) -> NodeID {
    switch token.kind {
    case .int, .uint, .double, .string, .bytes: return try literal(minus: minus)
    case .leftParenthesis: return try parenthesized()
    case .leftBracket: return try list()
    case .leftBrace: return try map()
    case .dot:
      let start = token.span.lowerBound
      try advance()
      guard token.kind == .identifier else { throw unexpected(wanted: "a name") }
      return try name(start: start, absolute: true)
    case .identifier: return try name(start: token.span.lowerBound, absolute: false)
    default: throw unexpected(wanted: "a value")
    }
  }

  private mutating func literal(minus: Token?) throws(ExpressionDiagnostics) -> NodeID {
    let literal = token
    let reader = Literals(lexer: lexer)
    let value: Value
    if literal.kind == .string || literal.kind == .bytes {
      value = try reader.text(literal)
    } else {
      value = try reader.number(literal, negative: minus != nil)
    }
    try advance()
    return try nodes.add(.literal(value), (minus ?? literal).span.lowerBound..<literal.span.upperBound)
  }

  private mutating func name(start: Int, absolute: Bool) throws(ExpressionDiagnostics) -> NodeID {
    let nameSpan = token.span
    let name = lexer.text(nameSpan)
    if !absolute, let value = Self.constants[name] {
      try advance()
      return try nodes.add(.literal(value), nameSpan)
    }
    if name == "in" { throw unexpected(wanted: "a value") }
    if ReservedWords.reserved.contains(name) || ReservedWords.keywords.contains(name) {
      throw reservedWord(name, quotable: false)
    }
    try advance()
    if token.kind == .leftParenthesis {
      let arguments = try arguments()
      return try expandCall(name, nameSpan, target: nil, arguments, start..<previous.span.upperBound)
    }
    return try nodes.add(.identifier(name, absolute: absolute), start..<nameSpan.upperBound)
  }

  /// The parentheses become part of the value's span, so that whatever contains it begins and ends where it seems to.
  private mutating func parenthesized() throws(ExpressionDiagnostics) -> NodeID {
    let opening = token
    try advance()
    let value = try expression()
    try close(.rightParenthesis, opening)
    nodes[value].span = opening.span.lowerBound..<previous.span.upperBound
    return value
  }

  private static let constants: [String: Value] = ["true": .bool(true), "false": .bool(false), "null": .null]
}
