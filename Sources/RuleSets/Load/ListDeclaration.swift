internal import CEL

/// One entry of `lists.yaml`.
struct ListDeclaration: Sendable {
  enum ItemType: String, CaseIterable, Sendable { case string, int, double }
  enum Source: Sendable {
    case items([SourceNode])
    case file(Located<String>, ItemType)
  }

  let name: Located<String>
  /// Nil when it was wrong, which was said.
  let source: Source?

  init(_ name: Located<String>, _ node: SourceNode, _ findings: Findings) {
    self.name = name
    if let elements = node.node.elements {
      source = .items(elements.map { SourceNode(file: node.file, node: $0) })
      return
    }
    guard node.node.entries != nil else {
      node.mismatch("a list of values or `{file: PATH, type: string}`", findings)
      source = nil
      return
    }
    guard var reader = MappingReader(node, "a list", findings, anchor: name.place) else {
      source = nil
      return
    }
    let file = reader.require("file", hint: "the path of a file with one value a line")?.text(findings)
    let type: Located<ItemType>? = reader.require("type", hint: "write `type: string`, `int` or `double`")?
      .choice(findings)
    reader.finish()
    if let file, let type { source = .file(file, type.value) } else { source = nil }
  }
}
