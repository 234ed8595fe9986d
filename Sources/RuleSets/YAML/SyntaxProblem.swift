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
    if let context, context.hasPrefix("while scanning a tag"), contextStart < start {
      let value = NegatedCondition.value(from: contextStart, in: bytes)
      return Diagnostic(
        code: "yaml-tag", at: Diagnostic.Place(file: file, span: contextStart..<start),
        message: NegatedCondition.message, hint: NegatedCondition.hint,
        edits: NegatedCondition.quoting(value, in: bytes, file: file))
    }
    if start < bytes.count, bytes[start] == UInt8(ascii: ":"), keyProblems.contains(where: problem.hasPrefix)
    {
      return Diagnostic(
        code: "yaml-empty-key", at: Diagnostic.Place(file: file, span: start..<start + 1),
        message: "a value without a key", hint: "write the key before the `:`")
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
    ("could not find expected ':'", "a key without its `:`", "write `name: value`, or check the indentation"),
    ("did not find expected key", "expected a key here", "check the indentation, and the quotes above"),
    (
      "did not find expected '-' indicator", "expected `- ` here",
      "check the indentation: the elements of a list begin in the same column"
    ),
    ("did not find expected ',' or ']'", "expected `,` or `]` here", "close the list that `[` began"),
    ("did not find expected ',' or '}'", "expected `,` or `}` here", "close the mapping that `{` began"),
    (
      "found unexpected end of stream", "the file ends inside quoted text",
      "add the closing quote; inside single quotes a quote is written twice"
    ),
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
