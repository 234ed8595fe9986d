internal import RuleSets

/// A YAML file as its layout is looked at: the tree, and what each line is to it.
struct LayoutText {
  /// What a line is.
  enum Role {
    /// Nothing, outside of every scalar.
    case blank
    /// A comment alone.
    case comment
    /// A further line of a value that began above: of text, of brackets.
    case continuation
    /// Keys, dashes, and values that begin here; also `---`.
    case structure
  }

  let bytes: [UInt8]
  let root: YAMLNode
  /// Without their line breaks.
  let lines: [Range<Int>]
  private(set) var roles: [Role] = []
  /// Every scalar, keys included, in the order of their places; of block scalars what truly belongs to them.
  private(set) var scalars: [Range<Int>] = []
  private var hasTextKept: Set<Int> = []

  /// Nil when the file is no YAML of ours.
  init?(_ bytes: [UInt8], file: String) {
    var collector = DiagnosticCollector()
    let source = SourceText(bytes)
    guard let root = YAMLReader.read(source, file: file, into: &collector) else { return nil }
    self.bytes = bytes
    self.root = root
    var lines: [Range<Int>] = []
    var start = 0
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
      lines.append(start..<index)
      start = index + 1
    }
    if start < bytes.count { lines.append(start..<bytes.count) }
    self.lines = lines
    roles = lines.map { line in
      let first = bytes[line].first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
      return first == nil ? .blank : first == UInt8(ascii: "#") ? .comment : .structure
    }
    collect(root)
    scalars.sort { $0.lowerBound < $1.lowerBound }
  }

  /// The line of an offset, from 0.
  func line(of offset: Int) -> Int {
    var (low, high) = (0, lines.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lines[middle].lowerBound <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The spaces that a line begins with.
  func lead(of line: Int) -> Int { bytes[lines[line]].prefix { $0 == UInt8(ascii: " ") }.count }

  /// The bytes of a line without its break.
  func text(of line: Int) -> ArraySlice<UInt8> { bytes[lines[line]] }

  /// The last line that a value takes; of a block scalar without the empty lines that do not count.
  func lastLine(of node: YAMLNode) -> Int {
    switch node.content {
    case .scalar(let scalar):
      if scalar.isBlock { return contentLines(of: node).last ?? line(of: node.span.lowerBound) }
      return line(of: max(node.span.lowerBound, node.span.upperBound - 1))
    case .sequence(let elements):
      if isFlow(node) { return line(of: node.span.upperBound - 1) }
      return elements.last.map(lastLine) ?? line(of: node.span.lowerBound)
    case .mapping(let entries):
      if isFlow(node) { return line(of: node.span.upperBound - 1) }
      guard let last = entries.last else { return line(of: node.span.lowerBound) }
      return max(line(of: last.nameSpan.upperBound - 1), last.value.isAbsent ? 0 : lastLine(of: last.value))
    }
  }

  /// Whether a list or a mapping is written in brackets.
  func isFlow(_ node: YAMLNode) -> Bool {
    guard node.scalar == nil, node.span.lowerBound < bytes.count else { return false }
    let first = bytes[node.span.lowerBound]
    return first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
  }

  /// The lines of a block scalar behind its header; empty ones at its end only where they belong to the text.
  func contentLines(of node: YAMLNode) -> Range<Int> {
    let header = line(of: node.span.lowerBound)
    var end = header + 1
    while end < lines.count, lines[end].lowerBound < node.span.upperBound { end += 1 }
    let sign = bytes[node.span.lowerBound..<lines[header].upperBound].prefix { $0 > 0x20 }
    if sign.contains(UInt8(ascii: "+")) { return header + 1..<end }
    while end > header + 1, isEmpty(end - 1) { end -= 1 }
    // A comment behind the text that stands further left is none of it.
    if let indent = (header + 1..<end).first(where: { !isEmpty($0) }).map(lead) {
      let outside = (header + 1..<end).first { !isEmpty($0) && lead(of: $0) < indent }
      if let outside, !sign.contains(where: { $0 >= UInt8(ascii: "1") && $0 <= UInt8(ascii: "9") }) {
        end = outside
        while end > header + 1, isEmpty(end - 1) { end -= 1 }
      }
    }
    return header + 1..<end
  }

  func isEmpty(_ line: Int) -> Bool {
    bytes[lines[line]].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  /// Whether an offset lies behind the first and before the last character of a scalar.
  func isInsideScalar(_ offset: Int) -> Bool {
    var (low, high) = (0, scalars.count)
    while low < high {
      let middle = (low + high) / 2
      if scalars[middle].lowerBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 && scalars[low - 1].contains(offset)
  }

  /// Whether the line ends a block scalar that keeps the empty lines behind it.
  func keepsEmptyLines(after line: Int) -> Bool { hasTextKept.contains(line) }

  /// Files are at most `YAMLLimits.depthMax` deep.
  private mutating func collect(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let scalar):
      guard !node.isAbsent else { return }
      guard scalar.isBlock else {
        scalars.append(node.span)
        return mark(lines: line(of: node.span.lowerBound) + 1..<lastLine(of: node) + 1)
      }
      let content = contentLines(of: node)
      let header = line(of: node.span.lowerBound)
      let end = content.last.map { lines[$0].upperBound + 1 } ?? lines[header].upperBound
      scalars.append(node.span.lowerBound..<end)
      let sign = bytes[node.span.lowerBound..<lines[header].upperBound].prefix { $0 > 0x20 }
      if sign.contains(UInt8(ascii: "+")) { hasTextKept.insert(content.last ?? header) }
      mark(lines: content)
    case .sequence(let elements):
      if isFlow(node) { mark(lines: line(of: node.span.lowerBound) + 1..<lastLine(of: node) + 1) }
      for element in elements { collect(element) }
    case .mapping(let entries):
      if isFlow(node) { mark(lines: line(of: node.span.lowerBound) + 1..<lastLine(of: node) + 1) }
      for entry in entries {
        scalars.append(entry.nameSpan)
        collect(entry.value)
      }
    }
  }

  private mutating func mark(lines: Range<Int>) {
    for line in lines { roles[line] = .continuation }
  }
}

extension YAMLNode {
  /// Whether nothing is written: the value of `key:` alone.
  var isAbsent: Bool { scalar.map { $0.text.isEmpty && $0.style == .plain } ?? false }
}

extension YAMLScalar {
  /// Whether it is written with `|` or `>`.
  var isBlock: Bool { style == .literal || style == .folded }
}
