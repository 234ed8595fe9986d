/// A piece of HTML. What is interpolated is escaped unless it is a piece itself, so that a text of an author or of an
/// event cannot become a tag anywhere.
struct Markup: ExpressibleByStringInterpolation, Sendable {
  private(set) var text: String

  init(stringLiteral value: String) { text = value }
  init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  /// Text that is HTML already: a resource of this module.
  init(trusted text: String) { self.text = text }

  /// Nothing.
  init() { text = "" }

  static func += (left: inout Markup, right: Markup) { left.text += right.text }

  /// The pieces one after another.
  static func joined(_ pieces: some Sequence<Markup>, by separator: Markup = "") -> Markup {
    var result = Markup()
    for (index, piece) in pieces.enumerated() {
      if index > 0 { result += separator }
      result += piece
    }
    return result
  }

  /// Words of ours in which names stand in back-ticks, which become code; `isSentence` begins them with a capital.
  static func coded(_ text: String, isSentence: Bool = false) -> Markup {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count > 1, parts.count % 2 == 1 else { return "\(isSentence ? text.capitalised : text)" }
    return .joined(
      parts.enumerated().map { place, part in
        if place % 2 == 1 { return "<code>\(String(part))</code>" }
        return "\(isSentence && place == 0 ? String(part).capitalised : String(part))"
      })
  }

  /// Literals stand as they are, values are escaped.
  struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }
    /// Disfavoured, so that a literal within a literal (`cond ? "<b>" : ""`) is a piece and not a text.
    @_disfavoredOverload
    mutating func appendInterpolation(_ value: String) { Markup.escape(value, into: &text) }
    mutating func appendInterpolation(_ value: Int) { text += String(value) }
    mutating func appendInterpolation(_ piece: Markup) { text += piece.text }
    mutating func appendInterpolation(_ pieces: [Markup]) { for piece in pieces { text += piece.text } }
  }

  /// Safe in text and in attributes with quotes of either kind. Control characters, which HTML does not allow or which
  /// turn the direction of what follows, are shown by their numbers.
  private static func escape(_ value: String, into text: inout String) {
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\n": text += " "
      case _ where isControl(scalar): text += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  fileprivate static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}

extension String {
  /// The text with a capital at its beginning.
  fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}

extension JSONValue {
  /// Compact JSON that may stand within a `script` element: nothing in it can end the element or begin a comment.
  func encodedForScript() -> String {
    var result = ""
    for scalar in encoded().unicodeScalars {
      switch scalar {
      // Outside of strings JSON has none of these.
      case "<", ">", "&",
        _ where Markup.isControl(scalar):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
