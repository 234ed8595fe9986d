/// A value of a YAML file that knows which file it is of.
struct SourceNode: Sendable {
  let file: String
  let node: YAMLNode

  var place: Diagnostic.Place { Diagnostic.Place(file: file, span: node.span) }

  /// What it is, for messages: `the number 5`, `a list`.
  var description: String {
    switch node.content {
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .scalar(let scalar):
      switch scalar.resolved {
      case .null: return "nothing"
      case .bool: return "`\(scalar.text)`"
      case .int, .double, .outOfRange: return "the number `\(scalar.text)`"
      case .string: return "the text `\(SourceNode.shortened(scalar.text))`"
      }
    }
  }

  /// At most 40 characters of a text, on one line.
  static func shortened(_ text: String) -> String {
    let line = text.prefix { !$0.isNewline }
    return line.count > 40 ? "\(line.prefix(39))…" : line == text ? text : "\(line)…"
  }
}

/// A value and where it was written.
struct Located<Value: Sendable>: Sendable {
  let value: Value
  let place: Diagnostic.Place
}

/// A text and how it was written, so that a part of it can be found in the file again.
struct SourceString: Sendable {
  let scalar: YAMLScalar
  let place: Diagnostic.Place

  var value: String { scalar.text }

  /// A part of the text, by UTF-8 offsets.
  func part(_ range: Range<Int>) -> String {
    let bytes = Array(value.utf8)
    return String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self)
  }
}
