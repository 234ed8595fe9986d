/// Reads the values of literal tokens.
///
/// Source: the language definition at github.com/google/cel-spec, `doc/langdef.md`, sections on numeric values and
/// on string and bytes values.
struct Literals {
  let lexer: Lexer

  /// The value of a number; `negative` when a minus sign stands before it, which counts for the range.
  func number(_ token: Token, negative: Bool) throws(ExpressionDiagnostics) -> Value {
    var digits = lexer.text(token.span)
    if token.kind == .double {
      guard let value = Double(digits), value.isFinite else {
        throw ExpressionDiagnostics(
          .numberRange, token.span, "`\(digits.shortened)` is out of the range of a double")
      }
      return .double(negative ? -value : value)
    }
    if token.kind == .uint { digits.removeLast() }
    let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
    let magnitude = UInt64(isHexadecimal ? digits.dropFirst(2) : digits[...], radix: isHexadecimal ? 16 : 10)
    if token.kind == .uint, let magnitude { return .uint(magnitude) }
    if let magnitude, token.kind == .int {
      if magnitude <= UInt64(Int64.max) { return .int(negative ? -Int64(magnitude) : Int64(magnitude)) }
      if negative, magnitude == 1 << 63 { return .int(.min) }
    }
    let shown = (negative ? "-" : "") + lexer.text(token.span).shortened
    throw ExpressionDiagnostics(
      .numberRange, token.span,
      "`\(shown)` is out of the range of \(token.kind == .uint ? "a uint" : "an int")",
      hint: token.kind == .uint || negative || magnitude == nil
        ? "a double, such as `1e20`, holds larger numbers" : "write `\(shown)u` for a uint")
  }

  /// The value of text or bytes, escape sequences replaced.
  func text(_ token: Token) throws(ExpressionDiagnostics) -> Value {
    guard let opening = StringOpening(lexer.bytes, at: token.span.lowerBound) else { return .string("") }
    let end = token.span.upperBound - (opening.isTriple ? 3 : 1)
    let contents = lexer.bytes[opening.content..<max(end, opening.content)]
    var result: [UInt8] = []
    if opening.isRaw || !contents.contains(UInt8(ascii: "\\")) {
      result = Array(contents)
    } else {
      result.reserveCapacity(contents.count)
      var position = contents.startIndex
      while position < contents.endIndex {
        if contents[position] == UInt8(ascii: "\\") {
          position = try escape(at: position, end: contents.endIndex, isBytes: opening.isBytes, into: &result)
        } else {
          result.append(contents[position])
          position += 1
        }
      }
    }
    return opening.isBytes ? .bytes(result) : .string(String(decoding: result, as: UTF8.self))
  }

  /// Replaces the escape sequence at `start` and returns the offset past it.
  private func escape(
    at start: Int, end: Int, isBytes: Bool, into result: inout [UInt8]
  ) throws(ExpressionDiagnostics) -> Int {
    let letter = start + 1 < end ? lexer.bytes[start + 1] : 0
    if let plain = Self.plainEscapes[letter] {
      result.append(plain)
      return start + 2
    }
    var form = (first: start + 2, count: 0, radix: 16)
    switch letter {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): form.count = 2
    case UInt8(ascii: "u") where !isBytes: form.count = 4
    case UInt8(ascii: "U") where !isBytes: form.count = 8
    case UInt8(ascii: "0")...UInt8(ascii: "3"): form = (start + 1, 3, 8)
    default: throw unknownEscape(at: start, end: end, isBytes: isBytes)
    }
    let stop = form.first + form.count
    let digits = form.first..<min(stop, end)
    guard stop <= end, lexer.bytes[digits].allSatisfy(Lexer.isHexadecimal),
      let value = UInt32(lexer.text(digits), radix: form.radix)
    else {
      throw ExpressionDiagnostics(
        .invalidEscape, start..<min(stop, end), "an escape sequence lacks digits",
        hint:
          "`\\\(Character(Unicode.Scalar(letter)))` takes \(form.radix == 8 ? "three octal digits in all" : "\(form.count) hexadecimal digits")"
      )
    }
    if isBytes {
      result.append(UInt8(truncatingIfNeeded: value))
    } else if let scalar = Unicode.Scalar(value) {
      result.append(contentsOf: String(scalar).utf8)
    } else {
      let surrogate = (0xD800...0xDFFF).contains(value)
      throw ExpressionDiagnostics(
        .invalidEscape, start..<stop, "`\(lexer.text(start..<stop))` names no character",
        hint: surrogate
          ? "write a character beyond U+FFFF as `\\U` and eight digits, not as two surrogates"
          : "the last character is `\\U0010FFFF`")
    }
    return stop
  }

  private func unknownEscape(at start: Int, end: Int, isBytes: Bool) -> ExpressionDiagnostics {
    let following = String(decoding: lexer.bytes[start + 1..<min(start + 5, end)], as: UTF8.self)
      .unicodeScalars.first
    let shown = following.map(String.init) ?? ""
    let isUnicode = isBytes && (shown == "u" || shown == "U")
    return ExpressionDiagnostics(
      .invalidEscape, start..<start + 1 + shown.utf8.count, "there is no escape sequence `\\\(shown)`",
      hint: isUnicode
        ? "bytes take `\\x` and two digits for each byte"
        : "write `\\\\` for a backslash, or the prefix `r` for text without escapes")
  }

  private static let plainEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
    UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "v"): 0x0B,
    UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "?"): UInt8(ascii: "?"),
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "'"): UInt8(ascii: "'"),
    UInt8(ascii: "`"): UInt8(ascii: "`"),
  ]
}
