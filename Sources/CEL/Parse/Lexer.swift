/// Cuts an expression's source into tokens, one at a time, so that the first mistake in the text is the one reported.
struct Lexer {
  let bytes: [UInt8]
  private var position = 0

  init(_ source: String) { bytes = Array(source.utf8) }

  /// The next token; `.end` for ever after the last.
  mutating func next() throws(ExpressionDiagnostics) -> Token {
    skipBlanks()
    let start = position
    guard start < bytes.count else { return Token(kind: .end, span: start..<start) }
    let byte = bytes[start]
    if let literal = try stringLiteral(at: start) { return literal }
    if Self.beginsName(byte) {
      return take(.identifier, to: endOfName(from: start))
    }
    if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && Self.isDigit(self.byte(at: start + 1))) {
      return try number(at: start)
    }
    if byte == UInt8(ascii: "`") { return try quotedIdentifier(at: start) }
    return try punctuation(at: start)
  }

  /// The source text of a span.
  func text(_ span: Range<Int>) -> String {
    String(decoding: bytes[span.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// The byte at `index`, or 0 past the end.
  func byte(at index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
  static func beginsName(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
  }
  static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6
  }

  private mutating func take(_ kind: Token.Kind, to end: Int) -> Token {
    defer { position = end }
    return Token(kind: kind, span: position..<end)
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0C, 0x0D: position += 1
      case UInt8(ascii: "/") where byte(at: position + 1) == UInt8(ascii: "/"):
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
      default: return
      }
    }
  }

  private func endOfName(from start: Int) -> Int {
    var end = start
    while end < bytes.count, Self.beginsName(bytes[end]) || Self.isDigit(bytes[end]) { end += 1 }
    return end
  }

  private func endOfDigits(from start: Int) -> Int {
    var end = start
    while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
    return end
  }
}

extension Lexer {
  /// A number by its form alone; its value is read when it is parsed.
  private mutating func number(at start: Int) throws(ExpressionDiagnostics) -> Token {
    var kind = Token.Kind.int
    var end: Int
    if bytes[start] == UInt8(ascii: "0"), byte(at: start + 1) | 0x20 == UInt8(ascii: "x") {
      end = start + 2
      while end < bytes.count, Self.isHexadecimal(bytes[end]) { end += 1 }
      if end == start + 2 {
        throw ExpressionDiagnostics(.invalidNumber, start..<end, "`\(text(start..<end))` lacks its digits")
      }
    } else {
      end = endOfDigits(from: start)
      if byte(at: end) == UInt8(ascii: "."), Self.isDigit(byte(at: end + 1)) {
        kind = .double
        end = endOfDigits(from: end + 1)
      }
      if byte(at: end) | 0x20 == UInt8(ascii: "e") {
        let sign = byte(at: end + 1)
        let digits = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? end + 2 : end + 1
        if Self.isDigit(byte(at: digits)) {
          kind = .double
          end = endOfDigits(from: digits)
        }
      }
    }
    if kind == .int, byte(at: end) | 0x20 == UInt8(ascii: "u") {
      kind = .uint
      end += 1
    }
    let whole = start..<endOfName(from: end)
    if whole.upperBound > end {
      let hint = SyntaxHints.number(text(start..<end), suffix: text(end..<whole.upperBound))
      throw ExpressionDiagnostics(
        .invalidNumber, whole, "`\(text(whole).shortened)` is not a number", hint: hint)
    }
    return take(kind, to: end)
  }

  private mutating func quotedIdentifier(at start: Int) throws(ExpressionDiagnostics) -> Token {
    var end = start + 1
    while end < bytes.count, Self.isQuotable(bytes[end]) { end += 1 }
    guard byte(at: end) == UInt8(ascii: "`"), end > start + 1 else {
      let stop = min(end + 1, bytes.count)
      throw ExpressionDiagnostics(
        .invalidQuotedName, start..<max(stop, start + 1),
        "a name in back-ticks is not closed or holds a character it cannot",
        hint: "it takes letters, digits, `_`, `.`, `-`, `/` and blanks")
    }
    return take(.quotedIdentifier, to: end + 1)
  }

  private static func isQuotable(_ byte: UInt8) -> Bool {
    if beginsName(byte) || isDigit(byte) { return true }
    return switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: " "): true
    default: false
    }
  }

  /// Text or bytes, when they begin here, with their prefix (`r`, `b`, `br`, in either case).
  private mutating func stringLiteral(at start: Int) throws(ExpressionDiagnostics) -> Token? {
    guard let opening = StringOpening(bytes, at: start) else { return nil }
    guard let end = opening.end(in: bytes) else {
      var line = opening.content
      while line < bytes.count, opening.isTriple || (bytes[line] != 0x0A && bytes[line] != 0x0D) { line += 1 }
      let quote = String(
        repeating: opening.quote == UInt8(ascii: "'") ? "'" : "\"", count: opening.isTriple ? 3 : 1)
      let hint =
        line < bytes.count
        ? "close it with \(quote) on its line, or use triple quotation marks for text of several lines"
        : "close it with \(quote)"
      throw ExpressionDiagnostics(
        .unterminatedString, start..<line, "this text has no closing \(quote)", hint: hint)
    }
    return take(opening.isBytes ? .bytes : .string, to: end)
  }

  private mutating func punctuation(at start: Int) throws(ExpressionDiagnostics) -> Token {
    if SyntaxHints.beginsForeignOperator(bytes[start]) {
      for foreign in SyntaxHints.foreignOperators where bytes[start...].starts(with: foreign.text.utf8) {
        let span = start..<start + foreign.text.utf8.count
        throw ExpressionDiagnostics(
          .unknownOperator, span, "there is no operator `\(foreign.text)`", hint: foreign.hint)
      }
    }
    if let kind = Self.double(bytes[start], byte(at: start + 1)) { return take(kind, to: start + 2) }
    if let kind = Self.single(bytes[start]) { return take(kind, to: start + 1) }
    if let hint = SyntaxHints.halfOperators[bytes[start]] {
      throw ExpressionDiagnostics(
        .unknownOperator, start..<start + 1, "there is no operator `\(text(start..<start + 1))`", hint: hint)
    }
    throw unexpectedCharacter(at: start)
  }

  private static func double(_ first: UInt8, _ second: UInt8) -> Token.Kind? {
    switch (first, second) {
    case (UInt8(ascii: "="), UInt8(ascii: "=")): .equal
    case (UInt8(ascii: "!"), UInt8(ascii: "=")): .notEqual
    case (UInt8(ascii: "<"), UInt8(ascii: "=")): .lessOrEqual
    case (UInt8(ascii: ">"), UInt8(ascii: "=")): .greaterOrEqual
    case (UInt8(ascii: "&"), UInt8(ascii: "&")): .and
    case (UInt8(ascii: "|"), UInt8(ascii: "|")): .or
    default: nil
    }
  }

  private static func single(_ byte: UInt8) -> Token.Kind? {
    switch byte {
    case UInt8(ascii: "("): .leftParenthesis
    case UInt8(ascii: ")"): .rightParenthesis
    case UInt8(ascii: "["): .leftBracket
    case UInt8(ascii: "]"): .rightBracket
    case UInt8(ascii: "{"): .leftBrace
    case UInt8(ascii: "}"): .rightBrace
    case UInt8(ascii: ","): .comma
    case UInt8(ascii: ":"): .colon
    case UInt8(ascii: "?"): .question
    case UInt8(ascii: "."): .dot
    case UInt8(ascii: "+"): .plus
    case UInt8(ascii: "-"): .minus
    case UInt8(ascii: "*"): .star
    case UInt8(ascii: "/"): .slash
    case UInt8(ascii: "%"): .percent
    case UInt8(ascii: "!"): .not
    case UInt8(ascii: "<"): .less
    case UInt8(ascii: ">"): .greater
    default: nil
    }
  }

  private func unexpectedCharacter(at start: Int) -> ExpressionDiagnostics {
    let rest = String(decoding: bytes[start..<min(start + 4, bytes.count)], as: UTF8.self)
    guard let scalar = rest.unicodeScalars.first else {
      return ExpressionDiagnostics(.unexpectedCharacter, start..<start + 1, "unexpected character")
    }
    let span = start..<start + String(scalar).utf8.count
    if SyntaxHints.smartQuotes.contains(scalar) {
      return ExpressionDiagnostics(
        .smartQuote, span, "`\(scalar)` is a quotation mark for reading, not for text in an expression",
        hint: "write `\"` or `'`")
    }
    let isInvisible = scalar.properties.generalCategory == .control || scalar.properties.isWhitespace
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let shown =
      isInvisible ? "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits : "`\(scalar)`"
    return ExpressionDiagnostics(
      .unexpectedCharacter, span, "unexpected character \(shown)", hint: SyntaxHints.character(scalar))
  }
}

extension String {
  /// At most 60 code points of it, for messages about sources that may be long.
  var shortened: String {
    utf8.count <= 60 ? self : String(UnicodeScalarView(unicodeScalars.prefix(57))) + "..."
  }
}
