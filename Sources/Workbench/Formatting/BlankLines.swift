internal import RuleSets

/// Never two empty lines, none at either end of a file, and one between all rules where there is one between some.
enum BlankLines {
  static func applied(to text: LayoutText) -> [UInt8] {
    let breaks = wanted(in: text)
    var result: [UInt8] = []
    var isPending = false
    var last: Int?
    for line in text.lines.indices {
      if text.roles[line] == .blank {
        isPending = true
        continue
      }
      if let last, isPending && !opensBlock(last, before: line, text) || breaks.contains(line) {
        result.append(UInt8(ascii: "\n"))
      }
      result += text.text(of: line) + [UInt8(ascii: "\n")]
      (isPending, last) = (false, line)
    }
    return result
  }

  /// Whether a line ends with the key of what follows one level deeper.
  private static func opensBlock(_ line: Int, before next: Int, _ text: LayoutText) -> Bool {
    text.roles[line] == .structure && text.text(of: line).last == UInt8(ascii: ":")
      && text.lead(of: next) > text.lead(of: line)
  }

  /// The lines before which an empty one belongs: rules that their author parted here and there are parted everywhere.
  private static func wanted(in text: LayoutText) -> Set<Int> {
    guard let rules = text.root.entries?.first(where: { $0.name == "rules" })?.value, !text.isFlow(rules),
      let elements = rules.elements
    else { return [] }
    var breaks: Set<Int> = []
    var isParted = false
    for (above, below) in zip(elements, elements.dropFirst()) where !above.isAbsent && !below.isAbsent {
      let (start, end) = (text.line(of: below.span.lowerBound), text.lastLine(of: above))
      guard end < start, !text.keepsEmptyLines(after: end) else { continue }
      if (end + 1..<start).contains(where: { text.roles[$0] == .blank }) {
        isParted = true
        continue
      }
      // Comments right above a rule go with it.
      var first = start
      while first > end + 1, text.roles[first - 1] == .comment,
        text.lead(of: first - 1) <= text.lead(of: start)
      {
        first -= 1
      }
      breaks.insert(first)
    }
    return isParted ? breaks : []
  }
}
