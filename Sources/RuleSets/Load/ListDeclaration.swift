internal import CEL

/// One entry of `lists.yaml`.
struct ListDeclaration: Sendable {
  enum ItemType: String, CaseIterable, Sendable { case string, int, double, cidr }
  enum Source: Sendable {
    /// Of a type that is said, or that of the first item.
    case items([SourceNode], ItemType?)
    case file(Located<String>, ItemType)
  }

  let name: Located<String>
  /// Nil when it was wrong, which was said.
  let source: Source?

  init(_ name: Located<String>, _ node: SourceNode, _ findings: Findings) {
    self.name = name
    if let elements = node.node.elements {
      source = .items(elements.map { SourceNode(file: node.file, node: $0) }, nil)
      return
    }
    guard node.node.entries != nil else {
      node.mismatch(
        "a list of values, `{file: PATH, type: string}` or `{items: [VALUE], type: cidr}`", findings)
      source = nil
      return
    }
    guard var reader = MappingReader(node, "a list", findings, anchor: name.place) else {
      source = nil
      return
    }
    source = Self.source(&reader, findings)
    reader.finish()
  }

  private static func source(_ reader: inout MappingReader, _ findings: Findings) -> Source? {
    let items: [SourceNode]?
    var path: Located<String>?
    if let node = reader.take("items") {
      items = node.node.elements?.map { SourceNode(file: node.file, node: $0) }
      if items == nil { node.mismatch("a list of values", findings) }
    } else {
      items = nil
      path = reader.require("file", hint: "the path of a file with one value a line")?.text(findings)
    }
    let type: Located<ItemType>? = reader.require(
      "type", hint: "write `type: string`, `int`, `double` or `cidr`")?.choice(findings)
    guard let type else { return nil }
    return items.map { .items($0, type.value) } ?? path.map { .file($0, type.value) }
  }
}
