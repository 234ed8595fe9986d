internal import RuleSets

/// Whether two texts of a file mean the same: the same values, written in the same style, and the same comments.
enum LayoutProof {
  static func holds(_ before: LayoutText, _ after: LayoutText) -> Bool {
    same(before.root, after.root) && comments(of: before) == comments(of: after)
      && orders(of: before.root) == orders(of: after.root)
  }

  /// Whether two trees hold the same; files are at most `YAMLLimits.depthMax` deep.
  static func same(_ left: YAMLNode, _ right: YAMLNode) -> Bool {
    switch (left.content, right.content) {
    case (.scalar(let left), .scalar(let right)): return left == right
    case (.sequence(let left), .sequence(let right)):
      return left.count == right.count && zip(left, right).allSatisfy(same)
    case (.mapping(let left), .mapping(let right)):
      guard left.count == right.count else { return false }
      let values = Dictionary(right.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
      return left.allSatisfy { entry in values[entry.name].map { same(entry.value, $0) } ?? false }
    default: return false
    }
  }

  /// The keys of every mapping whose keys authors choose, in the order of the file; those that have one order of their
  /// own in that order.
  private static func orders(of root: YAMLNode) -> [[String]] {
    let sorted = Set(OrderedMappings.all(of: root).map(\.node.span))
    var orders: [[String]] = []
    func visit(_ node: YAMLNode) {
      for element in node.elements ?? [] { visit(element) }
      guard let entries = node.entries else { return }
      let isSorted = sorted.contains(node.span)
      let ordered = isSorted ? entries.sorted { $0.name < $1.name } : entries
      orders.append(ordered.map(\.name))
      for entry in ordered { visit(entry.value) }
    }
    visit(root)
    return orders
  }

  /// What stands behind each `#`, whichever line it is on.
  private static func comments(of text: LayoutText) -> [String] {
    var comments: [String] = []
    for line in text.lines {
      var index = line.lowerBound
      while index < line.upperBound {
        if text.bytes[index] == UInt8(ascii: "#"), !text.isInsideScalar(index) {
          let bytes = text.bytes[index..<line.upperBound]
          let end = bytes.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? index
          comments.append(String(decoding: text.bytes[index...end], as: UTF8.self))
          break
        }
        index += 1
      }
    }
    return comments.sorted()
  }
}
