/// The sequences and mappings that are open while a file is read, and the tree once they are all closed.
struct YAMLTreeBuilder {
  enum Shape { case sequence, mapping }

  private struct Level {
    let shape: Shape
    let start: Int
    /// Of a block, from 0; nil for brackets and braces.
    let column: Int?
    var elements: [YAMLNode] = []
    var entries: [YAMLEntry] = []
    /// Every name so far; two that differ only in how accents are encoded count as the same.
    var names: [String: Range<Int>] = [:]
    var expectsKey: Bool
    /// Nil while a key is pending that is not a scalar: its entry is dropped.
    var key: (name: String, span: Range<Int>)?
    /// The end of the last key or value.
    var end: Int
  }

  private var levels: [Level] = []
  /// The whole tree, once it is complete.
  private(set) var root: YAMLNode?

  /// How many sequences and mappings are open.
  var depth: Int { levels.count }

  /// Whether the next node is a mapping's key.
  var expectsKey: Bool { levels.last?.expectsKey ?? false }

  /// Where the open mapping has this key already.
  func place(ofKey name: String) -> Range<Int>? { levels.last?.names[name] }

  mutating func addKey(_ name: String, span: Range<Int>) {
    guard let top = levels.indices.last else { return }
    levels[top].key = (name, span)
    levels[top].names[name] = levels[top].names[name] ?? span
    levels[top].expectsKey = false
    levels[top].end = span.upperBound
  }

  /// Adds a scalar value; nil stands for an alias, whose file is refused in any case.
  mutating func add(_ scalar: YAMLScalar?, span: Range<Int>) {
    let scalar = scalar ?? YAMLScalar(text: "", style: .plain)
    add(YAMLNode(content: .scalar(scalar), span: span))
  }

  /// The column of the innermost block, from 0; -1 outside of all.
  var blockColumn: Int { levels.last { $0.column != nil }?.column ?? -1 }

  /// Opens a level; `column` is that of a block and nil for brackets and braces.
  mutating func begin(_ shape: Shape, at span: Range<Int>, column: Int?) {
    levels.append(
      Level(
        shape: shape, start: span.lowerBound, column: column, expectsKey: shape == .mapping,
        end: span.upperBound))
  }

  /// Closes the innermost level; a block has no closing sign and ends with its last value.
  ///
  /// Returns the place of brackets or braces that stand in no others.
  mutating func end(at span: Range<Int>) -> Range<Int>? {
    guard let level = levels.popLast() else { return nil }
    let isFlow = level.column == nil
    let end = isFlow ? max(span.upperBound, level.end) : level.end
    let whole = level.start..<max(level.start, end)
    let content: YAMLNode.Content =
      level.shape == .sequence ? .sequence(level.elements) : .mapping(level.entries)
    let isOutermost = isFlow && levels.last.map { $0.column != nil } ?? true
    add(YAMLNode(content: content, span: whole))
    return isOutermost ? whole : nil
  }

  private mutating func add(_ node: YAMLNode) {
    guard let top = levels.indices.last else {
      root = node
      return
    }
    levels[top].end = max(levels[top].end, node.span.upperBound)
    if levels[top].shape == .sequence {
      levels[top].elements.append(node)
    } else if levels[top].expectsKey {
      levels[top].key = nil
      levels[top].expectsKey = false
    } else {
      if let key = levels[top].key {
        levels[top].entries.append(YAMLEntry(name: key.name, nameSpan: key.span, value: node))
      }
      levels[top].expectsKey = true
    }
  }
}
