extension Parser {
  /// Reads the closing bracket that belongs to `opening`.
  mutating func close(_ kind: Token.Kind, _ opening: Token) throws(ExpressionDiagnostics) {
    if token.kind == kind { return try advance() }
    if token.kind == .end {
      throw ExpressionDiagnostics(
        .unclosedBracket, opening.span, "`\(opening.kind.rawValue)` is never closed",
        hint: "add `\(kind.rawValue)`")
    }
    throw unexpected(wanted: "`\(kind.rawValue)`")
  }

  /// The finding for a next token that does not fit; `wanted` is nil where an operator or the end would.
  func unexpected(wanted: String?) -> ExpressionDiagnostics {
    if let word = misplacedWord(wantsOperator: wanted == nil || wanted?.hasPrefix("`") == true) {
      return word
    }
    if token.kind == .end {
      return ExpressionDiagnostics(
        .unexpectedEnd, token.span, "the expression ends where \(wanted ?? "an operator") is needed")
    }
    let text = lexer.text(token.span)
    let shown = token.kind == .quotedIdentifier ? text.shortened : "`\(text.shortened)`"
    guard let wanted else {
      return ExpressionDiagnostics(
        .unexpectedToken, token.span, "\(shown) does not continue the expression", hint: superfluousHint)
    }
    let hint = wanted == "`:`" && token.kind == .question ? "put the inner `?:` into parentheses" : nil
    return ExpressionDiagnostics(
      .unexpectedToken, token.span, "\(shown) stands where \(wanted) is needed", hint: hint)
  }

  /// For a token where an operator or the end of the expression belongs.
  private var superfluousHint: String {
    if Self.isClosing(token.kind) { return "there is no bracket open for it" }
    if token.kind == .comma {
      let isGroup = previous.isLiteral && Lexer.isDigit(lexer.byte(at: token.span.upperBound))
      return isGroup
        ? "digits are not grouped: write `100000` for `100,000`" : "conditions are joined with `&&` or `||`"
    }
    return "an operator is missing before it"
  }

  func reservedWord(_ word: String, quotable: Bool) -> ExpressionDiagnostics {
    ExpressionDiagnostics(
      .reservedWord, token.span, "`\(word)` is a reserved word and names nothing",
      hint: word == "if" || word == "else"
        ? "write `condition ? value : other`" : quotable ? "put the field's name into back-ticks" : nil)
  }

  func optionalSyntax() -> ExpressionDiagnostics {
    ExpressionDiagnostics(
      .optionalSyntax, token.span, "optional fields, elements and indexes (`?`) are turned off here",
      hint: "test with `has(a.b)` or `key in map`")
  }

  /// `and`, `or`, `not` and the like: after a value the next token may be the word; the word may also have been
  /// taken for a name, as in `not a`.
  private func misplacedWord(wantsOperator: Bool) -> ExpressionDiagnostics? {
    guard wantsOperator else { return nil }
    if token.kind == .identifier, let hint = SyntaxHints.wordOperator(lexer.text(token.span)) {
      return wordOperator(token, hint)
    }
    let beginsValue = token.kind == .identifier || token.isLiteral
    if previous.kind == .identifier, beginsValue, lexer.text(previous.span).lowercased() == "not" {
      return wordOperator(previous, "write `!`")
    }
    return nil
  }

  private func wordOperator(_ word: Token, _ hint: String) -> ExpressionDiagnostics {
    ExpressionDiagnostics(
      .wordOperator, word.span, "there is no operator `\(lexer.text(word.span))`", hint: hint)
  }

  private static func isClosing(_ kind: Token.Kind) -> Bool {
    kind == .rightParenthesis || kind == .rightBracket || kind == .rightBrace
  }
}
