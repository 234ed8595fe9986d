package import RuleSets

/// One layout for rule files. Meaning is never touched: text is moved and indented, not written anew, and what came of it
/// is compared with what was there before anybody sees it.
///
/// What is laid out: line ends, blanks at the ends of lines, indentation, the order of keys in rules, features, tests and
/// their events, empty lines. What stays as its author wrote it: quotes, brackets, the wrapping of long conditions, columns
/// within a line, the order of everything else.
package enum RuleFileLayout {
  /// What came of a file.
  package enum Outcome: Sendable {
    case laidOut([UInt8])
    /// The findings about a file that cannot be read.
    case unreadable(DiagnosticList, SourceFiles)
    /// A file with something that only its author can lay out.
    case leftAlone
  }

  /// Rounds until nothing changes; one is the rule, comments in odd places take two.
  private static let roundsMax = 4

  /// Lays out the bytes of a file; `file` is its name in findings.
  package static func lay(out bytes: [UInt8], file: String) -> Outcome {
    var collector = DiagnosticCollector()
    var sources = SourceFiles()
    sources.add(file, bytes: bytes)
    guard let root = YAMLReader.read(SourceText(bytes), file: file, into: &collector) else {
      return .unreadable(collector.list(), sources)
    }
    guard let original = LayoutText(withPlainLineEnds(bytes), file: file),
      LayoutProof.same(root, original.root)
    else { return .leftAlone }
    var current = original.bytes
    for _ in 0..<roundsMax {
      guard let next = try? round(current, file), let after = LayoutText(next, file: file),
        LayoutProof.holds(original, after)
      else { return .leftAlone }
      if next == current { return .laidOut(next) }
      current = next
    }
    return .leftAlone
  }

  private struct Unreadable: Error {}

  private static func round(_ bytes: [UInt8], _ file: String) throws -> [UInt8] {
    func text(_ bytes: [UInt8]) throws -> LayoutText {
      guard let text = LayoutText(bytes, file: file) else { throw Unreadable() }
      return text
    }
    var bytes = withoutTrailingBlanks(try text(bytes))
    bytes = try Indentation.applied(to: text(bytes))
    for kind in KeyOrder.passes { bytes = KeyOrder.applied(kind, to: try text(bytes)) }
    return BlankLines.applied(to: try text(bytes))
  }

  /// Without a byte order mark, every line ended by a line feed.
  private static func withPlainLineEnds(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 1)
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    for index in start..<max(start, bytes.count) {
      if bytes[index] == UInt8(ascii: "\r") {
        let isPair = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
        if !isPair { result.append(UInt8(ascii: "\n")) }
      } else {
        result.append(bytes[index])
      }
    }
    if let last = result.last, last != UInt8(ascii: "\n") { result.append(UInt8(ascii: "\n")) }
    return result
  }

  /// Blanks at the end of a line stay where they may belong to a text.
  private static func withoutTrailingBlanks(_ text: LayoutText) -> [UInt8] {
    var result: [UInt8] = []
    for line in text.lines {
      var end = line.upperBound
      while end > line.lowerBound, [UInt8(ascii: " "), UInt8(ascii: "\t")].contains(text.bytes[end - 1]),
        !text.isInsideScalar(end - 1)
      {
        end -= 1
      }
      result += text.bytes[line.lowerBound..<end]
      result.append(UInt8(ascii: "\n"))
    }
    return result
  }
}
