/// libyaml's error texts in the house's words.
enum SyntaxProblem {
  /// The finding for a place where libyaml could not go on.
  static func diagnostic(
    problem: String, context: String?, contextStart: Int, at start: Int, in source: SourceText, file: String
  ) -> Diagnostic {
    let bytes = source.bytes
    let start = min(start, bytes.count)
    if directiveProblems.contains(where: problem.hasPrefix) {
      let line = source.range(ofLine: source.position(of: contextStart).line)
      return Diagnostic(
        code: "yaml-directive", at: Diagnostic.Place(file: file, span: line),
        message: "directives are not part of this subset of YAML", hint: "take the line out")
    }
    if let unquoted = UnquotedValue.diagnostic(around: start, in: bytes, file: file) { return unquoted }
    if let context, context.hasPrefix("while scanning a tag"), contextStart < start {
      return Diagnostic(
        code: "yaml-tag", at: Diagnostic.Place(file: file, span: contextStart..<start),
        message: "tags are not part of this subset of YAML", hint: tagHint)
    }
    if problem.hasPrefix("found unexpected end of stream"), contextStart < start {
      return unclosedQuote(at: contextStart, file: file)
    }
    if start < bytes.count, bytes[start] == UInt8(ascii: ":"), keyProblems.contains(where: problem.hasPrefix)
    {
      return Diagnostic(
        code: "yaml-empty-key", at: Diagnostic.Place(file: file, span: start..<start + 1),
        message: "a value without a key", hint: "write the key before the `:`")
    }
    if problem.hasPrefix("could not find expected ':'"), contextStart < start {
      return keyWithoutColon(at: contextStart, in: source, file: file)
    }
    let words = known.first { problem.hasPrefix($0.problem) }
    var message = words?.message ?? "malformed YAML: \(problem)"
    var hint = words?.hint
    if problem.hasPrefix("found character that cannot start any token"), start < bytes.count {
      (message, hint) = unstartable(bytes[start])
    }
    var notes: [Diagnostic.Note] = []
    if let context, contextStart < start {
      let place = Diagnostic.Place(file: file, span: contextStart..<contextStart + 1)
      notes.append(Diagnostic.Note(context, at: place))
    }
    let end = start < bytes.count ? start + 1 : start
    return Diagnostic(
      code: "yaml-syntax", at: Diagnostic.Place(file: file, span: start..<end), message: message, hint: hint,
      notes: notes)
  }

  /// The hint for any tag.
  static let tagHint = "take the tag out; quotes make any value a string"

  /// For a quote after which everything was read as text, to the end of the file or to a quote much further down.
  static func unclosedQuote(at start: Int, file: String, endsAtLine line: Int? = nil) -> Diagnostic {
    let end = line.map { "only closed in line \($0)" } ?? "never closed"
    return Diagnostic(
      code: "yaml-syntax", at: Diagnostic.Place(file: file, span: start..<start + 1),
      message: "this quote is \(end)",
      hint: "add the closing quote; inside single quotes a quote is written twice")
  }

  /// libyaml notices on the next line that a line had no `:`.
  private static func keyWithoutColon(at start: Int, in source: SourceText, file: String) -> Diagnostic {
    let line = source.range(ofLine: source.position(of: start).line)
    let text = source.bytes[start..<max(start, line.upperBound)]
    let words = text.split(separator: 0x20, maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
    let meant =
      words.count == 2 ? "write `\(words[0]): \(SourceNode.shortened(words[1]))`" : "write `name: value`"
    return Diagnostic(
      code: "yaml-syntax", at: Diagnostic.Place(file: file, span: text.indices),
      message: "a key without its `:`",
      hint: "\(meant), or check the indentation")
  }

  private static func unstartable(_ byte: UInt8) -> (message: String, hint: String) {
    if byte == UInt8(ascii: "\t") { return ("a tab where indentation is expected", "indent with spaces") }
    let character = Character(Unicode.Scalar(byte))
    return ("text cannot begin with `\(character)`", "put the text in quotes")
  }

  private static let directiveProblems = ["found unknown directive name", "found incompatible YAML document"]

  private static let keyProblems = ["did not find expected key", "did not find expected node content"]

  private static let known: [(problem: String, message: String, hint: String?)] = [
    (
      "mapping values are not allowed in this context", "a `:` where no key can be",
      "put text that contains `: ` in quotes, or check the indentation"
    ),
    ("did not find expected key", "expected a key here", "check the indentation, and the quotes above"),
    (
      "did not find expected '-' indicator", "expected `- ` here",
      "check the indentation: the elements of a list begin in the same column"
    ),
    ("did not find expected ',' or ']'", "expected `,` or `]` here", "close the list that `[` began"),
    ("did not find expected ',' or '}'", "expected `,` or `}` here", "close the mapping that `{` began"),
    ("found unexpected document indicator", "`---` or `...` inside quoted text", "indent the text"),
    (
      "found unknown escape character", "unknown escape in double quotes",
      "write a backslash as `\\\\`, or use single quotes"
    ),
    ("found a tab character", "a tab where indentation is expected", "indent with spaces"),
    (
      "block sequence entries are not allowed in this context", "a list cannot begin here",
      "begin the list on a line of its own"
    ),
    ("did not find expected whitespace or line break", "expected a space or the end of the line here", nil),
    (
      "did not find expected comment or line break", "text after the header of a block",
      "begin the text on the next line"
    ),
    ("did not find expected node content", "expected a value here", nil),
    (
      "did not find expected alphabetic or numeric character", "text cannot begin with `&` or `*`",
      "put the text in quotes"
    ),
    (
      "did not find expected <document start>", "the file goes on after its value has ended",
      "check the indentation"
    ),
  ]
}
