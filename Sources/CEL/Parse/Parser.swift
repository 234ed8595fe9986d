extension Expression {
  /// Parses `source` and expands its macros. Gives up at the first mistake, which is where the text stops making
  /// sense.
  ///
  /// The macros and the syntax are those of `extensions`; its functions are the environment's matter.
  ///
  /// Neither the length nor the nesting of `source` can exhaust the stack: nesting past `limits.depthMax` is a
  /// diagnostic, long chains of operators are parsed in a loop, and `&&` and `||` are balanced.
  public static func parse(
    _ source: String, limits: Limits = Limits(), extensions: Extensions = .usual
  ) throws(ExpressionDiagnostics) -> Expression {
    let length = source.utf8.count
    guard length <= limits.sourceBytesMax else {
      throw ExpressionDiagnostics(
        .sourceTooLong, limits.sourceBytesMax..<length,
        "the expression has \(length) bytes, more than \(limits.sourceBytesMax)",
        hint: "put long lists of values into a named list")
    }
    var parser = try Parser(source, limits: limits, extensions: extensions)
    return try parser.wholeExpression()
  }
}

/// Recursive descent over the grammar of the language definition (github.com/google/cel-spec, `doc/langdef.md`).
struct Parser {
  /// `Limits.depthMax` counts up to here. Measured in an optimised build: 250 levels of any construct are parsed and
  /// checked in 448 KiB of stack, so that the default fits a thread of 512 KiB and this a thread of 1 MiB.
  static let depthCeiling = 500

  let source: String
  private(set) var lexer: Lexer
  /// The token to be read next.
  private(set) var token: Token
  /// The token read last.
  private(set) var previous: Token
  var nodes: NodeBuilder
  let extensions: Extensions
  /// Nodes of arguments that a macro has no use for, to be filled before new ones are added: no node is left over.
  var spares: [NodeID] = []
  private var nesting = 0
  private let depthMax: Int

  init(_ source: String, limits: Limits, extensions: Extensions) throws(ExpressionDiagnostics) {
    self.source = source
    lexer = Lexer(source)
    token = try lexer.next()
    previous = Token(kind: .end, span: 0..<0)
    nodes = NodeBuilder(limits: limits)
    self.extensions = extensions
    depthMax = min(limits.depthMax, Self.depthCeiling)
  }

  mutating func wholeExpression() throws(ExpressionDiagnostics) -> Expression {
    if token.kind == .end {
      throw ExpressionDiagnostics(.emptyExpression, 0..<source.utf8.count, "the expression is empty")
    }
    let root = try expression()
    if token.kind != .end { throw unexpected(wanted: nil) }
    return Expression(source: source, nodes: nodes.nodes, root: root)
  }

  /// `condition ? value : other`; a chain of them is read in a loop and built from its end.
  mutating func expression() throws(ExpressionDiagnostics) -> NodeID {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= depthMax else { throw NodeBuilder.tooDeep(token.span, depthMax: depthMax) }
    var branches: [(condition: NodeID, value: NodeID)] = []
    var last = try disjunction()
    while token.kind == .question {
      try advance()
      let value = try disjunction()
      guard token.kind == .colon else { throw unexpected(wanted: "`:`") }
      try advance()
      branches.append((last, value))
      last = try disjunction()
    }
    for branch in branches.reversed() {
      last = try nodes.call(
        Operator.conditional, [branch.condition, branch.value, last], span(from: branch.condition, to: last))
    }
    return last
  }

  private mutating func disjunction() throws(ExpressionDiagnostics) -> NodeID {
    var terms = [try conjunction()]
    while token.kind == .or {
      try advance()
      terms.append(try conjunction())
    }
    return try balanced(Operator.or, terms[...])
  }

  private mutating func conjunction() throws(ExpressionDiagnostics) -> NodeID {
    var terms = [try binary(precedence: 1)]
    while token.kind == .and {
      try advance()
      terms.append(try binary(precedence: 1))
    }
    return try balanced(Operator.and, terms[...])
  }

  /// A chain of `&&` or `||` as a balanced tree, in order: its depth is the logarithm of its length.
  private mutating func balanced(
    _ function: String, _ terms: ArraySlice<NodeID>
  ) throws(ExpressionDiagnostics) -> NodeID {
    if terms.count == 1 { return terms[terms.startIndex] }
    let middle = terms.startIndex + (terms.count + 1) / 2
    let left = try balanced(function, terms[..<middle])
    let right = try balanced(function, terms[middle...])
    return try nodes.call(function, [left, right], span(from: left, to: right))
  }

  /// Relations, sums and products, each from the left.
  private mutating func binary(precedence: Int) throws(ExpressionDiagnostics) -> NodeID {
    var left = try unary()
    while let operation = binaryOperator(), operation.precedence >= precedence {
      try advance()
      let right = try binary(precedence: operation.precedence + 1)
      left = try nodes.call(operation.function, [left, right], span(from: left, to: right))
    }
    return left
  }

  private func binaryOperator() -> (function: String, precedence: Int)? {
    if token.kind == .identifier, tokenIs("in") { return (Operator.within, 1) }
    return token.kind.binaryOperator
  }

  /// `!` and `-`, any number of them; a minus sign before a number belongs to the number.
  private mutating func unary() throws(ExpressionDiagnostics) -> NodeID {
    guard token.kind == .not || token.kind == .minus else { return try member(minus: nil) }
    var signs: [Token] = []
    while token.kind == .not || token.kind == .minus {
      signs.append(token)
      try advance()
    }
    var minus: Token?
    if let last = signs.last, last.kind == .minus, token.kind == .int || token.kind == .double {
      minus = signs.removeLast()
    }
    var operand = try member(minus: minus)
    for sign in signs.reversed() {
      let span = sign.span.lowerBound..<nodes[operand].span.upperBound
      operand = try nodes.call(sign.kind == .not ? Operator.not : Operator.negate, [operand], span)
    }
    return operand
  }
}

extension Parser {
  mutating func advance() throws(ExpressionDiagnostics) {
    previous = token
    token = try lexer.next()
  }

  /// Whether the next token's text is `text`.
  func tokenIs(_ text: StaticString) -> Bool {
    token.span.count == text.utf8CodeUnitCount && lexer.text(token.span) == "\(text)"
  }

  func span(from first: NodeID, to last: NodeID) -> Range<Int> {
    nodes[first].span.lowerBound..<max(nodes[last].span.upperBound, nodes[first].span.upperBound)
  }
}
