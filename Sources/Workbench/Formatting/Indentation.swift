internal import RuleSets

/// Indents what a file holds by two spaces a level; lists one level further than their key, one space behind a dash.
struct Indentation {
  /// What a file may have that is not laid out.
  struct Unusual: Error {}

  private let text: LayoutText
  /// What a line begins with, in the place of the bytes up to an offset.
  private var prefixes: [Int: (text: String, end: Int)] = [:]
  /// New leads of further lines of a value.
  private var shifts: [Int: Int] = [:]
  /// For comments: the columns of a line's keys and dashes, before and after.
  private var columns: [Int: [(old: Int, new: Int)]] = [:]

  static func applied(to text: LayoutText) throws(Unusual) -> [UInt8] {
    guard text.root.scalar == nil, !text.isFlow(text.root) else { return text.bytes }
    var indentation = Indentation(text)
    try indentation.visit(text.root, at: 0, behind: nil)
    return indentation.result()
  }

  private init(_ text: LayoutText) { self.text = text }

  /// Lays out a block; `prefix` is what stands before its first key or dash where that is on the line of another dash.
  private mutating func visit(_ node: YAMLNode, at indent: Int, behind prefix: String?) throws(Unusual) {
    let spaces = String(repeating: " ", count: indent)
    switch node.content {
    case .scalar: break
    case .mapping(let entries):
      for (index, entry) in entries.enumerated() {
        let before = index == 0 ? prefix ?? spaces : spaces
        try begin(with: before, at: entry.nameSpan.lowerBound)
        try visitValue(entry.value, of: text.line(of: entry.nameSpan.lowerBound), at: indent)
      }
    case .sequence(let elements):
      var position = node.span.lowerBound
      for (index, element) in elements.enumerated() {
        guard let dash = dash(from: position) else { throw Unusual() }
        let before = index == 0 ? prefix ?? spaces : spaces
        try visitElement(element, dash, before, at: indent)
        position = element.isAbsent ? dash + 1 : max(dash + 1, element.span.upperBound)
        if let scalar = element.scalar, scalar.isBlock {
          position = min(text.bytes.count, text.lines[text.lastLine(of: element)].upperBound)
        }
      }
    }
  }

  private mutating func visitElement(
    _ element: YAMLNode, _ dash: Int, _ before: String, at indent: Int
  ) throws(Unusual) {
    let line = text.line(of: dash)
    columns[line, default: []].append((dash - text.lines[line].lowerBound, before.utf8.count))
    guard !element.isAbsent, text.line(of: element.span.lowerBound) == line else {
      try begin(with: before + "-", at: dash + 1, dashes: true)
      if !element.isAbsent { try visitBelow(element, at: indent) }
      return
    }
    if element.scalar == nil, !text.isFlow(element) {
      return try visit(element, at: indent + 2, behind: before + "- ")
    }
    try begin(with: before + "- ", at: element.span.lowerBound)
    shift(element, at: indent)
  }

  private mutating func visitValue(_ value: YAMLNode, of line: Int, at indent: Int) throws(Unusual) {
    guard !value.isAbsent else { return }
    if text.line(of: value.span.lowerBound) == line {
      shift(value, at: indent)
    } else {
      try visitBelow(value, at: indent)
    }
  }

  /// A value that begins on a line of its own, below the key or dash at `indent`.
  private mutating func visitBelow(_ value: YAMLNode, at indent: Int) throws(Unusual) {
    if value.scalar == nil, !text.isFlow(value) { return try visit(value, at: indent + 2, behind: nil) }
    try begin(with: String(repeating: " ", count: indent + 2), at: value.span.lowerBound)
    shift(value, at: indent)
  }

  /// Lets the line of `offset` begin with `prefix` up to there; only blanks and dashes may have stood before.
  private mutating func begin(with prefix: String, at offset: Int, dashes: Bool = false) throws(Unusual) {
    let line = text.line(of: offset)
    let start = text.lines[line].lowerBound
    let before = text.bytes[start..<offset]
    guard before.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") }) else { throw Unusual() }
    prefixes[line] = (prefix, offset)
    if !dashes { columns[line, default: []].append((offset - start, prefix.utf8.count)) }
  }

  /// Moves the further lines of a value with its first, and the text of a block scalar to its place.
  private mutating func shift(_ node: YAMLNode, at indent: Int) {
    let first = text.line(of: node.span.lowerBound)
    guard let scalar = node.scalar, scalar.isBlock else {
      let delta = newLead(of: first) - text.lead(of: first)
      for line in first..<text.lastLine(of: node) where !text.isEmpty(line + 1) {
        shifts[line + 1] = max(0, text.lead(of: line + 1) + delta)
      }
      return
    }
    let content = text.contentLines(of: node)
    guard let old = content.first(where: { !text.isEmpty($0) }).map(text.lead) else { return }
    let sign = text.text(of: first)[node.span.lowerBound...].prefix { $0 > 0x20 }
    let isExplicit = sign.contains { $0 >= UInt8(ascii: "1") && $0 <= UInt8(ascii: "9") }
    let delta = isExplicit ? newLead(of: first) - text.lead(of: first) : indent + 2 - old
    for line in content {
      // Spaces of an empty line beyond the text's indentation are text.
      if text.isEmpty(line), text.lead(of: line) <= old { continue }
      shifts[line] = max(0, text.lead(of: line) + delta)
    }
  }

  private func newLead(of line: Int) -> Int {
    prefixes[line].map { $0.text.utf8.prefix { $0 == UInt8(ascii: " ") }.count } ?? text.lead(of: line)
  }

  /// The next `-` that is no comment's.
  private func dash(from position: Int) -> Int? {
    var index = position
    while index < text.bytes.count {
      switch text.bytes[index] {
      case UInt8(ascii: "-"): return index
      case UInt8(ascii: " "), UInt8(ascii: "\n"): index += 1
      case UInt8(ascii: "#"):
        while index < text.bytes.count, text.bytes[index] != UInt8(ascii: "\n") { index += 1 }
      default: return nil
      }
    }
    return nil
  }

  private func result() -> [UInt8] {
    var result: [UInt8] = []
    for line in text.lines.indices {
      let range = text.lines[line]
      if let prefix = prefixes[line] {
        result += prefix.text.utf8
        result += text.bytes[prefix.end..<range.upperBound]
      } else if let lead = shifts[line] ?? commentLead(of: line) {
        result += [UInt8](repeating: UInt8(ascii: " "), count: lead)
        result += text.bytes[(range.lowerBound + text.lead(of: line))..<range.upperBound]
      } else {
        result += text.bytes[range]
      }
      result.append(UInt8(ascii: "\n"))
    }
    return result
  }

  /// A comment stands as what follows it; one that stands further right belongs to what is above.
  private func commentLead(of line: Int) -> Int? {
    guard text.roles[line] == .comment else { return nil }
    let own = text.lead(of: line)
    let next = text.lines.indices[line...].first { columns[$0] != nil }
    let least = next.map(newLead) ?? 0
    if let next, own <= text.lead(of: next) { return least }
    for above in text.lines.indices[..<line].reversed() {
      let candidates = columns[above]?.filter { $0.old <= own } ?? []
      if let column = candidates.max(by: { $0.old < $1.old }) { return max(column.new, least) }
    }
    return least
  }
}
