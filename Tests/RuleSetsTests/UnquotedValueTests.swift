import RuleSets
import TestSupport
import Testing

/// Conditions without the quotes that they need: the edit makes YAML read what is written there.
@Suite struct UnquotedValueTests {
  private static let pieces = [
    "!", "(", ")", "a", "b.c", " > 3", " && ", " in ", "[1, 2]", "[", "]", "{\"k\": 1}", "{", "}", "\"x\"",
    "'y'",
    "\"it's\"", "'", "\"", "\\", ": ", ":", " #", "#", ", ", "*", "&", "|", "-", "? ", "%", "@", "`", "é",
    "\n    ",
    " score: 4",
  ]

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func quotesMakeItWhatIsWritten(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let count = Int.random(in: 1...8, using: &generator)
      let value = (0..<count).compactMap { _ in Self.pieces.randomElement(using: &generator) }.joined()
      let isInBraces = Bool.random(using: &generator)
      let text = isInBraces ? "- {where: \(value), by: c}\n" : "- when: \(value)\n  id: d\n"
      try expectMended(text, isInBraces ? "where" : "when", seed)
    }
  }

  /// Whatever the reader offers as an edit leaves a file in which the key holds the text that was there.
  private func expectMended(_ text: String, _ key: String, _ seed: UInt64) throws {
    let bytes = Array(text.utf8)
    var diagnostics = DiagnosticCollector()
    _ = YAMLReader.read(SourceText(bytes), file: "a.yaml", into: &diagnostics)
    for finding in diagnostics.list().all where finding.code == "yaml-unquoted" {
      guard let edit = finding.edits.first, let span = edit.place.span else { continue }
      let mended = bytes[..<span.lowerBound] + Array(edit.replacement.utf8) + bytes[span.upperBound...]
      var none = DiagnosticCollector()
      let node = YAMLReader.read(SourceText(Array(mended)), file: "a.yaml", into: &none)
      let comment = "seed \(seed): \(text)\(String(decoding: mended, as: UTF8.self))\(none.list().all)"
      // An empty line within quotes is a line break, and what stands behind the value may be wrong itself.
      guard let value = node?.elements?.first?.entries?.first(where: { $0.name == key })?.value else {
        continue
      }
      let written = String(decoding: bytes[span], as: UTF8.self).replacing("\n    ", with: " ")
      let words = written.split(whereSeparator: \.isWhitespace)
      #expect(value.scalar?.text.split(whereSeparator: \.isWhitespace) == words, "\(comment)")
    }
  }
}
