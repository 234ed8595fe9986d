import Foundation
import RuleSets
import TestSupport
import Testing

/// The text and JSON forms, character by character.
struct DiagnosticRendererTests {
  private func render(
    _ source: String, marking part: String, hint: String? = nil, notes: [Diagnostic.Note] = []
  ) throws -> String {
    let range = try #require(source.firstRange(of: part))
    let start = source.utf8.distance(from: source.startIndex, to: range.lowerBound)
    let place = Diagnostic.Place(file: "r/a.yaml", span: start..<start + part.utf8.count)
    return renderer(source).text(Diagnostic(code: "x-y", at: place, message: "bad", hint: hint, notes: notes))
  }

  private func renderer(_ source: String, color: Bool = false) -> DiagnosticRenderer {
    var sources = SourceFiles()
    sources.add("r/a.yaml", bytes: Array(source.utf8))
    return DiagnosticRenderer(sources: sources, color: color)
  }

  /// The source line and the line of carets.
  private func excerpt(_ source: String, marking part: String) throws -> [String] {
    let lines = try render(source, marking: part).split(separator: "\n").map(String.init)
    return lines.suffix(2).map { line in
      guard let bar = line.firstIndex(of: "|") else { return line }
      return String(line[line.index(after: bar)...].dropFirst())
    }
  }

  @Test("message, place, line, caret and hint")
  func whole() throws {
    let source = "rules:\n\n\n\n\n    when: payout_24h > 3\n"
    #expect(
      try render(source, marking: "payout_24h", hint: "did you mean `payouts_24h`?") == """
        error[x-y]: bad
          --> r/a.yaml:6:11
           |
         6 |     when: payout_24h > 3
           |           ^^^^^^^^^^
           = hint: did you mean `payouts_24h`?

        """)
  }

  @Test("notes with and without a place share the margin of the longest line number")
  func notes() throws {
    let source = "a: 1\n" + String(repeating: "\n", count: 8) + "b: 2\n"
    let place = Diagnostic.Place(file: "r/a.yaml", span: 0..<1)
    let missing = Diagnostic.Place(file: "gone.yaml", span: 0..<1)
    let notes = [
      Diagnostic.Note("first here", at: place), Diagnostic.Note("just so"),
      Diagnostic.Note("gone", at: missing),
    ]
    #expect(
      try render(source, marking: "b: 2", notes: notes)
        == """
        error[x-y]: bad
          --> r/a.yaml:10:1
            |
         10 | b: 2
            | ^^^^
        note: first here
           --> r/a.yaml:1:1
            |
          1 | a: 1
            | -
            = note: just so
        note: gone
           --> gone.yaml

        """.replacing("  --> r/a.yaml:10:1", with: "   --> r/a.yaml:10:1"))
  }

  @Test("a file as a whole, a file that is not known, and the end of a file")
  func withoutLine() {
    let renderer = renderer("ab\n")
    func text(_ file: String, _ span: Range<Int>?) -> String {
      renderer.text(
        Diagnostic(code: "c", severity: .warning, at: Diagnostic.Place(file: file, span: span), message: "m"))
    }
    #expect(text("ruleset.yaml", nil) == "warning[c]: m\n  --> ruleset.yaml\n")
    #expect(text("other.yaml", 3..<4) == "warning[c]: m\n  --> other.yaml\n")
    #expect(text("r/a.yaml", 3..<3) == "warning[c]: m\n  --> r/a.yaml:2:1\n   |\n 2 |\n   | ^\n")
    #expect(text("r/a.yaml", 2..<3) == "warning[c]: m\n  --> r/a.yaml:1:3\n   |\n 1 | ab\n   |   ^\n")
    #expect(text("r/a.yaml", 1..<999) == "warning[c]: m\n  --> r/a.yaml:1:2\n   |\n 1 | ab\n   |  ^\n")
  }

  @Test("carets stand under wide, combining, tab and control characters")
  func widths() throws {
    #expect(try excerpt("漢字: x\n", marking: "x") == ["漢字: x", "      ^"])
    #expect(try excerpt("k: 漢字 y\n", marking: "漢字") == ["k: 漢字 y", "   ^^^^"])
    #expect(try excerpt("e\u{301}e\u{301}: x\n", marking: "x") == ["e\u{301}e\u{301}: x", "    ^"])
    #expect(try excerpt("\ta\tb\n", marking: "b") == ["    a   b", "        ^"])
    #expect(try excerpt("a\tb\n", marking: "\t") == ["a   b", " ^^^"])
    #expect(try excerpt("a\u{1B}[31m b\n", marking: "b") == ["a␛[31m b", "       ^"])
    #expect(try excerpt("a\u{202E}b\n", marking: "b") == ["a\\u{202e}b", "         ^"])
    #expect(try render("a", marking: "a", hint: "\u{1B}[2J").contains("hint: ␛[2J"))
  }

  @Test("long lines are cut around the place")
  func longLines() throws {
    for filler in ["a", "漢", "\t", "e\u{301}", "\u{1}"] {
      let side = String(repeating: filler, count: 40000)
      for source in ["MARK" + side, side + "MARK", side + "MARK" + side, side + "MARK tail"] {
        let lines = try excerpt(source, marking: "MARK")
        #expect(lines[0].unicodeScalars.count < 2000)
        #expect(lines[0].contains("MARK"))
        #expect(lines[0].hasPrefix("…") == !source.hasPrefix("MARK"))
        #expect(lines[0].hasSuffix("…") == source.hasSuffix(side))
        if filler == "a" {
          let before = lines[0].prefix { $0 != "M" }.count
          #expect(lines[1] == String(repeating: " ", count: before) + "^^^^")
        }
      }
    }
    let long = String(repeating: "b", count: 500)
    #expect(try excerpt(long, marking: long)[1].count <= SourceLimits.columns)
  }

  private enum SourceLimits { static let columns = 101 }

  @Test("colour adds attributes and changes no character")
  func color() {
    let place = Diagnostic.Place(file: "r/a.yaml", span: 0..<2)
    let diagnostic = Diagnostic(
      code: "c", at: place, message: "m", hint: "h", notes: [Diagnostic.Note("n", at: place)])
    let painted = renderer("ab\n", color: true).text(diagnostic)
    #expect(painted.hasPrefix("\u{1B}[1;31merror[c]\u{1B}[0m"))
    #expect(painted.replacing(/\u{1B}\[[0-9;]*m/, with: "") == renderer("ab\n").text(diagnostic))
  }

  @Test("the JSON form has one object a line, every key, in one order")
  func json() throws {
    let place = Diagnostic.Place(file: "r/a.yaml", span: 3..<5)
    let list = DiagnosticList(
      all: [
        Diagnostic(
          code: "c", at: place, message: "say \"x\"\\\n\u{1}é", hint: "h",
          notes: [Diagnostic.Note("n", at: place), Diagnostic.Note("o")],
          edits: [Diagnostic.Edit(at: place, replacement: "\"b")]),
        Diagnostic(code: "d", severity: .warning, at: Diagnostic.Place(file: "b", span: nil), message: "m"),
      ], omitted: 2)
    #expect(
      renderer("é\nab\n").json(list) == #"""
        {"code":"c","severity":"error","file":"r/a.yaml","line":2,"column":1,"start":3,"end":5,"message":"say \"x\"\\\n\u0001é","hint":"h","notes":[{"file":"r/a.yaml","line":2,"column":1,"start":3,"end":5,"message":"n"},{"file":null,"line":null,"column":null,"start":null,"end":null,"message":"o"}],"edits":[{"file":"r/a.yaml","line":2,"column":1,"start":3,"end":5,"replacement":"\"b"}]}
        {"code":"d","severity":"warning","file":"b","line":null,"column":null,"start":null,"end":null,"message":"m","hint":null,"notes":[],"edits":[]}
        {"omitted":2}

        """#)
    for line in renderer("").json(list).split(separator: "\n") {
      _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
    #expect(renderer("").text(list).hasSuffix("and 2 more findings that are not shown\n"))
  }

  @Test("any place of any bytes is rendered")
  func anyPlace() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed of the rendered bytes: \(seed)")
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let bytes = (0..<random.below(60)).map { _ in
        random.below(2) == 0
          ? UInt8(truncatingIfNeeded: random.next()) : [10, 13, 9, 32, 0xE2, 0x80, 0xAE][random.below(7)]
      }
      var sources = SourceFiles()
      sources.add("a", bytes: bytes)
      let start = random.below(bytes.count + 5)
      let place = Diagnostic.Place(file: "a", span: start..<start + random.below(bytes.count + 5))
      let diagnostic = Diagnostic(code: "c", at: place, message: "m")
      let renderer = DiagnosticRenderer(sources: sources)
      #expect(renderer.text(diagnostic).split(separator: "\n", omittingEmptySubsequences: false).count == 6)
      #expect(renderer.json(diagnostic).hasPrefix("{\"code\":\"c\""))
    }
  }
}
