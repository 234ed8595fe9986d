/// A value in a YAML file, with its place.
///
/// Trees are at most `YAMLLimits.depthMax` deep, so that walking one may recurse.
package struct YAMLNode: Sendable {
  /// What a node may be in the strict subset.
  package enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    /// In the order of the file; names are unique.
    case mapping([YAMLEntry])
  }

  /// The value.
  package let content: Content
  /// UTF-8 offsets into the file; quotes, brackets and a block scalar's header are included.
  package let span: Range<Int>

  /// The scalar, if it is one.
  package var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The elements, if it is a sequence.
  package var elements: [YAMLNode]? {
    if case .sequence(let elements) = content { elements } else { nil }
  }

  /// The entries, if it is a mapping.
  package var entries: [YAMLEntry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }
}

/// One `name: value` of a mapping.
package struct YAMLEntry: Sendable {
  /// The key's text; `1` and `"1"` are the same name.
  package let name: String
  /// Where the key is, its quotes included.
  package let nameSpan: Range<Int>
  /// What it names.
  package let value: YAMLNode
}

/// A piece of text in a YAML file, as libyaml reads it: unquoted, unfolded, unescaped.
package struct YAMLScalar: Sendable, Hashable {
  /// How it is written.
  package enum Style: Sendable, Hashable { case plain, singleQuoted, doubleQuoted, literal, folded }

  /// The text.
  package let text: String
  /// How it is written; only plain text can be anything but a string.
  package let style: Style

  /// A scalar with its value already read.
  package init(text: String, style: Style) {
    self.text = text
    self.style = style
  }
}
