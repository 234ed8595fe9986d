/// What to write instead of what people bring along from other languages.
enum SyntaxHints {
  /// Operators that do not exist but begin like some that do; longest first.
  static let foreignOperators: [(text: String, hint: String)] = [
    ("===", "write `==`"), ("!==", "write `!=`"), ("<>", "write `!=`"),
    ("=~", "write `text.matches(pattern)`"),
    ("=>", "write `>=`"), ("=<", "write `<=`"), ("**", "there is no power; multiply"),
    ("??", "write `has(a.b) ? a.b : other`"),
  ]

  static func beginsForeignOperator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: "*"), UInt8(ascii: "?"): true
    default: false
    }
  }

  /// Single characters that are half an operator or none.
  static let halfOperators: [UInt8: String] = [
    UInt8(ascii: "="): "write `==` to compare", UInt8(ascii: "&"): "write `&&`",
    UInt8(ascii: "|"): "write `||`",
  ]

  /// Quotation marks of word processors: single, double, low and angle.
  static let smartQuotes: Set<Unicode.Scalar> = [
    "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}", "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}", "\u{AB}",
    "\u{BB}",
  ]

  /// For a character that no token begins with.
  static func character(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\u{2265}": "write `>=`"
    case "\u{2264}": "write `<=`"
    case "\u{2260}": "write `!=`"
    case "\u{D7}": "write `*`"
    case "\u{F7}": "write `/`"
    case "\u{2212}", "\u{2013}", "\u{2014}": "write `-`"
    case "\u{A0}", "\u{2009}", "\u{202F}", "\u{3000}":
      "this is a blank that only looks like one; type it again"
    case "#": "a comment begins with `//`"
    case ";": "an expression is one value; join conditions with `&&` or `||`"
    case "$", "@": "names begin with a letter or `_`"
    default: nil
    }
  }

  /// For a number that runs into letters.
  static func number(_ digits: String, suffix: String) -> String? {
    switch suffix {
    case "ms", "s", "m", "h": return "a span of time is written `duration(\"\(digits)\(suffix)\")`"
    case "d":
      let hours = Int(digits).flatMap { $0 < 10_000 ? $0 * 24 : nil }
      return "a span of time is written in hours" + (hours.map { ", `duration(\"\($0)h\")`" } ?? "")
    case _ where suffix.hasPrefix("_"):
      let rest = suffix.filter { $0 != "_" }
      let isNumber = rest.utf8.allSatisfy(Lexer.isDigit)
      return "digits are not grouped" + (isNumber ? ": write `\(digits)\(rest)`" : "")
    default: return nil
    }
  }

  /// For a word between two values, where an operator belongs; nil for any other word.
  static func wordOperator(_ word: String) -> String? {
    switch word.lowercased() {
    case "and": "write `&&`"
    case "or": "write `||`"
    case "not": "write `!(a in b)` for `a not in b`, `!a` for `not a`"
    case "is", "eq": "write `==`"
    case "ne": "write `!=`"
    case "mod": "write `%`"
    case "like":
      "call a method of the text: `text.contains(part)`, `text.startsWith(part)` or `text.matches(pattern)`"
    case "between": "write `a >= low && a <= high`"
    case "contains", "matches", "startswith", "endswith": "call it on the text: `text.\(word)(other)`"
    default: nil
    }
  }
}
