/// One lexical unit and where it stands.
struct Token {
  /// What it is; the raw value of an operator or bracket is its text.
  enum Kind: String {
    case end = "end"
    case identifier = "name"
    case quotedIdentifier = "name in back-ticks"
    case int = "int"
    case uint = "uint"
    case double = "double"
    case string = "string"
    case bytes = "bytes"
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
    case comma = ","
    case colon = ":"
    case question = "?"
    case dot = "."
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
    case not = "!"
    case and = "&&"
    case or = "||"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  let kind: Kind
  /// UTF-8 offsets.
  let span: Range<Int>

  /// Whether it is a number, text or bytes.
  var isLiteral: Bool {
    switch kind {
    case .int, .uint, .double, .string, .bytes: true
    default: false
    }
  }
}

/// Words that cannot name a variable; all but the first four may name a field or a method.
enum ReservedWords {
  static let keywords: Set<String> = ["true", "false", "null", "in"]
  static let reserved: Set<String> = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "namespace",
    "package", "return", "var", "void", "while",
  ]
}
