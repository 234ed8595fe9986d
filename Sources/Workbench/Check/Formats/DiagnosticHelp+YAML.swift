extension DiagnosticHelp {
  /// Findings about the subset of YAML.
  static let ofYAML: [String: (title: String, remedy: String)] = [
    "yaml-alias": (
      "an alias",
      "write the value out"
    ),
    "yaml-anchor": (
      "an anchor",
      "take it out"
    ),
    "yaml-binary": (
      "a file that is no text",
      "save it as UTF-8"
    ),
    "yaml-comment": (
      "a comment without a space before it",
      "write a space before `#`"
    ),
    "yaml-complex-key": (
      "a key written with `?`",
      "write `name: value`"
    ),
    "yaml-control-character": (
      "a character that YAML does not allow",
      "write it as an escape in double quotes"
    ),
    "yaml-directive": (
      "a directive",
      "take the line out"
    ),
    "yaml-duplicate-key": (
      "a key that stands twice in one mapping",
      "keep one"
    ),
    "yaml-empty-key": (
      "a value without a key",
      "write the key before the `:`"
    ),
    "yaml-encoding": (
      "a file in another encoding than UTF-8",
      "save it as UTF-8"
    ),
    "yaml-file-too-large": (
      "a file larger than is allowed",
      "split it"
    ),
    "yaml-indentation": (
      "a line that is not indented as what it belongs to",
      "indent it further"
    ),
    "yaml-key-not-scalar": (
      "a list or a mapping as a key",
      "keys are text"
    ),
    "yaml-line-separator": (
      "a character that some readers take for a line break",
      "write it as an escape in double quotes"
    ),
    "yaml-lone-dash": (
      "a `-` that begins no list",
      "put it in quotes"
    ),
    "yaml-merge-key": (
      "a merge key",
      "write the entries out"
    ),
    "yaml-not-utf8": (
      "bytes that are not UTF-8",
      "save the file as UTF-8"
    ),
    "yaml-out-of-memory": (
      "not enough memory to read the file",
      "free some"
    ),
    "yaml-several-documents": (
      "a second document in one file",
      "put it into a file of its own"
    ),
    "yaml-syntax": (
      "text that is not YAML",
      "see the hint"
    ),
    "yaml-tag": (
      "a tag",
      "take it out"
    ),
    "yaml-too-deep": (
      "more levels of nesting than are allowed",
      "flatten it"
    ),
    "yaml-too-many-nodes": (
      "more values in one file than are allowed",
      "split it"
    ),
    "yaml-unquoted": (
      "a condition or text without quotes that YAML reads as something else",
      "put all of it in single quotes, or below `|` on lines of its own"
    ),
  ]
}
