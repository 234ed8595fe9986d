internal import RuleSets

/// Brings the keys of rules, features, tests and their events into one order, each with its comments.
struct KeyOrder {
  /// Mappings of each kind stand beside each other, never within one of their own kind: one pass for each.
  static let passes: [RuleFileSchema.OrderedMapping] = [.event, .test, .feature, .rule]

  static func applied(_ kind: RuleFileSchema.OrderedMapping, to text: LayoutText) -> [UInt8] {
    let order = RuleFileSchema.keyOrder(of: kind)
    var result: [UInt8] = []
    var position = 0
    for (path, node) in OrderedMappings.all(of: text.root) where path == kind && !text.isFlow(node) {
      guard let moved = Move(node, order, text), moved.lines.lowerBound >= position else { continue }
      for line in position..<moved.lines.lowerBound { result += text.text(of: line) + [UInt8(ascii: "\n")] }
      result += moved.bytes
      position = moved.lines.upperBound
    }
    for line in position..<max(position, text.lines.count) {
      result += text.text(of: line) + [UInt8(ascii: "\n")]
    }
    return result
  }

  /// The lines of one mapping in their new order.
  private struct Move {
    let lines: Range<Int>
    private(set) var bytes: [UInt8] = []

    /// One entry: the comments right above its key, its key's line, and all behind it up to the next one's.
    private struct Part {
      let name: String
      let comments: Range<Int>
      let rest: Range<Int>
    }

    /// Nil where the order is fine.
    init?(_ node: YAMLNode, _ order: [[String]], _ text: LayoutText) {
      guard let entries = node.entries, let first = entries.first else { return nil }
      let ranks = entries.map { entry in order.firstIndex { $0.contains(entry.name) } ?? order.count }
      guard zip(ranks, ranks.dropFirst()).contains(where: { $0 > $1 }) else { return nil }

      let heads = entries.map { text.line(of: $0.nameSpan.lowerBound) }
      let prefix = text.bytes[text.lines[heads[0]].lowerBound..<first.nameSpan.lowerBound]
      let isBehindDash = prefix.contains(UInt8(ascii: "-"))
      var starts = heads.map { Self.commentsAbove($0, text) }
      // What stands above a dash is said of the element as a whole.
      if isBehindDash { starts[0] = heads[0] }
      let end = text.lastLine(of: node) + 1
      lines = starts[0]..<end
      let parts = entries.indices.map { index in
        Part(
          name: entries[index].name, comments: starts[index]..<heads[index],
          rest: heads[index]..<(index + 1 < entries.count ? starts[index + 1] : end))
      }
      let sorted = parts.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
      let spaces = [UInt8](repeating: UInt8(ascii: " "), count: prefix.count)
      for (place, index) in sorted.enumerated() {
        let part = parts[index]
        for line in part.comments { bytes += text.text(of: line) + [UInt8(ascii: "\n")] }
        for line in part.rest {
          let whole = text.text(of: line)
          if line == part.rest.lowerBound {
            bytes += (place == 0 ? Array(prefix) : spaces) + whole.dropFirst(prefix.count)
          } else {
            bytes += whole
          }
          bytes.append(UInt8(ascii: "\n"))
        }
      }
    }

    private static func commentsAbove(_ line: Int, _ text: LayoutText) -> Int {
      var start = line
      while start > 0, text.roles[start - 1] == .comment, text.lead(of: start - 1) <= text.lead(of: line) {
        start -= 1
      }
      return start
    }
  }
}

/// The mappings of a file whose keys have one order.
enum OrderedMappings {
  typealias Kind = RuleFileSchema.OrderedMapping

  /// With their kinds, in the order of their places.
  static func all(of root: YAMLNode) -> [(kind: Kind, node: YAMLNode)] {
    (root.entries ?? []).flatMap { entry -> [(Kind, YAMLNode)] in
      switch entry.name {
      case "features": (entry.value.entries ?? []).map { (.feature, $0.value) }
      case "rules":
        (entry.value.elements ?? []).flatMap { rule -> [(Kind, YAMLNode)] in
          [(.rule, rule)] + tests(in: rule)
        }
      case "tests": tests(in: root)
      default: []
      }
    }.filter { $0.1.entries != nil }
  }

  private static func tests(in owner: YAMLNode) -> [(Kind, YAMLNode)] {
    let tests = owner.entries?.first { $0.name == "tests" }?.value.elements ?? []
    return tests.flatMap { test -> [(Kind, YAMLNode)] in
      let events = test.entries?.first { $0.name == "events" }?.value.elements ?? []
      return [(.test, test)] + events.map { (.event, $0) }
    }
  }
}
