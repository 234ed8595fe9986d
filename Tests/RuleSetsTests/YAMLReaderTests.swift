import RuleSets
import TestSupport
import Testing

/// The tree with its places, and a diagnostic of its own for everything outside the subset.
struct YAMLReaderTests {
  private func read(_ bytes: [UInt8]) -> (node: YAMLNode?, found: [Diagnostic]) {
    var diagnostics = DiagnosticCollector()
    let node = YAMLReader.read(SourceText(bytes), file: "a.yaml", into: &diagnostics)
    return (node, diagnostics.list().all)
  }

  private func read(_ text: String) -> (node: YAMLNode?, found: [Diagnostic]) { read(Array(text.utf8)) }

  private func text(_ source: String, _ span: Range<Int>?) -> String? {
    span.map { String(decoding: Array(source.utf8)[$0], as: UTF8.self) }
  }

  @Test("every key and value has its bytes, past characters of several bytes and a byte order mark")
  func places() throws {
    let source =
      "\u{FEFF}# é漢😀\nname: 'é😀'  # comment\nlist:\n- {a: 1, \"b\": [x, 漢]}\n- |\n  text\nlast: 2\n"
    let (node, found) = read(source)
    #expect(found == [])
    let entries = try #require(node?.entries)
    #expect(entries.map(\.name) == ["name", "list", "last"])
    #expect(entries.map { text(source, $0.nameSpan) } == ["name", "list", "last"])
    #expect(text(source, entries[0].value.span) == "'é😀'")
    #expect(entries[0].value.scalar == YAMLScalar(text: "é😀", style: .singleQuoted))
    let elements = try #require(entries[1].value.elements)
    #expect(text(source, elements[0].span) == "{a: 1, \"b\": [x, 漢]}")
    let inner = try #require(elements[0].entries)
    #expect(inner.map { text(source, $0.nameSpan) } == ["a", "\"b\""])
    #expect(text(source, inner[1].value.elements?.last?.span) == "漢")
    #expect(elements[1].scalar == YAMLScalar(text: "text\n", style: .literal))
    #expect(text(source, elements[1].span) == "|\n  text\n")
    #expect(text(source, entries[2].value.span) == "2")
    #expect(read("").node?.scalar?.resolved == .null)
    #expect(read("--- \na: 1\n...\n").node?.entries?.count == 1)
  }

  @Test(
    "each construct outside the subset is told by its own code, at its own place",
    arguments: [
      ("a: &x 1\n", "yaml-anchor", "&x"), ("a: !!int &long-name 1\n", "yaml-anchor", "&long-name"),
      ("a: 1\nb: *x\n", "yaml-alias", "*x"), ("a: !!int 1\n", "yaml-tag", "!!int"),
      ("- ! x\n", "yaml-tag", "!"),
      ("b:\n  <<: {a: 1}\n", "yaml-merge-key", "<<"), ("? a\n: 1\n", "yaml-complex-key", "?"),
      ("b: what?\n? # no ?\n  a\n: 1\n", "yaml-complex-key", "?"), ("[? a : 1]\n", "yaml-complex-key", "?"),
      ("[a, b]: 1\n", "yaml-key-not-scalar", "["), ("{a: 1}: 1\n", "yaml-key-not-scalar", "{"),
      ("a: 1\nb: 2\n\"a\": 3\n", "yaml-duplicate-key", "\"a\""), (": 1\n", "yaml-empty-key", ":"),
      ("{: 1}\n", "yaml-empty-key", ":"),
      ("a: 1\n---\nb: 1\n", "yaml-several-documents", "---"),
      ("%YAML 1.2\n---\na: 1\n", "yaml-directive", "%YAML 1.2"),
      ("%FOO bar\n--- a\n", "yaml-directive", "%FOO bar"),
      ("a: \"b\"#c\n", "yaml-comment", "#"), ("a: [-]\n", "yaml-lone-dash", "-"),
      ("a: [b,\nc]\n", "yaml-indentation", "c"), ("a: \"b\n\tc\"\n", "yaml-indentation", "c"),
      ("a:\n\t- b\n", "yaml-syntax", "\t"), ("a: b: c\n", "yaml-syntax", ":"),
      ("a: @b\n", "yaml-syntax", "@"),
      ("a: [1, 2\nb: 3\n", "yaml-syntax", ":"), ("a: \"\\q\"\n", "yaml-syntax", "\\"),
      ("a: 'x", "yaml-syntax", "'"), ("when: !(a > 3) # c\n", "yaml-unquoted", "!(a > 3)"),
      ("{where: !(a, b), by: c}\n", "yaml-unquoted", "!(a, b)"),
      ("- when: \"a\" in b\n    && c\n", "yaml-unquoted", "\"a\" in b\n    && c"),
    ])
  func refusals(source: String, code: String, place: String) throws {
    let (node, found) = read(source)
    #expect(node == nil)
    let first = try #require(found.first { $0.code == code }, "\(found)")
    #expect(text(source, first.span) == place)
    #expect(first.message.first?.isUppercase == false)
    #expect(!first.message.hasSuffix("."))
  }

  @Test("a `?` in text, a comment or a value does not make a key explicit")
  func questionMarks() {
    for source in ["a: b?\nc: d\n", "a: 1 # ?\nb: 2\n", "a?: 1\n", "'?': 1\n", "a: [b?, c]\n", "? : 1\n"] {
      #expect(
        read(source).found.contains { $0.code == "yaml-complex-key" } == (source == "? : 1\n"), "\(source)")
    }
    #expect(read("types: [\n  a,\n]\nnext: {\n  b: 1\n}\n").found == [])
  }

  @Test("all findings of a file are told, and the duplicate names the first place")
  func several() {
    let source = "a: &x 1\nb: *x\na: !t 2\n"
    let found = read(source).found
    #expect(found.map(\.code) == ["yaml-anchor", "yaml-alias", "yaml-duplicate-key", "yaml-tag"])
    #expect(found[2].notes.first?.place?.span == 0..<1)
  }

  @Test(
    "bytes that are no UTF-8 text are refused with their offset",
    arguments: [
      ([0x61, 0x3A, 0x20, 0xC3, 0x28], "yaml-not-utf8", 3), ([0x61, 0xED, 0xA0, 0x80], "yaml-not-utf8", 1),
      ([0x61, 0xC0, 0x80], "yaml-not-utf8", 1), ([0x61, 0x62, 0x63, 0x64, 0], "yaml-binary", 4),
      ([0xFF, 0xFE, 0x61, 0], "yaml-encoding", 0), ([0, 0x61, 0, 0x3A], "yaml-encoding", 0),
      ([0x61, 0, 0, 0], "yaml-encoding", 0), ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], "yaml-binary", 7),
      ([0x61, 0x1B], "yaml-control-character", 1), ([0x61, 0xC2, 0x85], "yaml-line-separator", 1),
      ([0x61, 0xE2, 0x80, 0xA8], "yaml-line-separator", 1),
      ([0x61, 0xEF, 0xBB, 0xBF], "yaml-control-character", 1),
    ] as [([UInt8], String, Int)])
  func badBytes(bytes: [UInt8], code: String, offset: Int) {
    let (node, found) = read(bytes)
    #expect(node == nil)
    #expect(found.map(\.code) == [code])
    #expect(found.first?.span?.lowerBound == offset)
  }

  @Test("each limit has its diagnostic, and what is just below it is read")
  func limits() {
    let deepest = YAMLLimits.depthMax
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(read(nested(deepest)).found == [])
    #expect(read(nested(deepest + 1)).found.map(\.code) == ["yaml-too-deep"])
    #expect(read(String(repeating: "- ", count: 70)).found.map(\.code) == ["yaml-too-deep"])
    let many = String(repeating: "- a\n", count: YAMLLimits.nodesMax)
    #expect(read(many).found.map(\.code) == ["yaml-too-many-nodes"])
    #expect(read(String(many.dropLast(4))).found == [])
    let large = Array(repeating: UInt8(ascii: "a"), count: YAMLLimits.fileBytesMax)
    #expect(read(large).found == [])
    #expect(read(large + [UInt8(ascii: "a")]).found.map(\.code) == ["yaml-file-too-large"])
  }

  @Test("files made to cost the parser dear end in bounded time")
  func hostileFiles() {
    #if DEBUG
      let (size, timeMax) = (YAMLLimits.fileBytesMax / 16, Duration.seconds(2))
    #else
      let (size, timeMax) = (YAMLLimits.fileBytesMax, Duration.seconds(2))
    #endif
    var slowest = (time: Duration.zero, text: "")
    let patterns = [
      "[", "{", "- ", "[]", "[],", "{},", "a: ", "? ", "\"", "'", "|\n", ">\n\n", "a\n", "#", "&a ", "!a ",
      "*a ", "\t", "[a:", "[?",
      "%a\n", "---\n", "- |\n", "- &a *a\n", "\n", " ", "é", "- é\n", "\"\\u00e9\"", "a: 'b\n\n", ",",
      "{a: [", "- a\n ",
    ]
    for prefix in ["", "[", "\"", "|\n  ", "a:\n  ", "é: ["] {
      for pattern in patterns {
        let text = prefix + String(repeating: pattern, count: (size - prefix.utf8.count) / pattern.utf8.count)
        let time = ContinuousClock().measure { _ = read(text) }
        #expect(time < timeMax, "\(prefix.debugDescription) \(pattern.debugDescription): \(time)")
        if time > slowest.time { slowest = (time, prefix + pattern) }
      }
    }
    print("slowest hostile file: \(slowest.text.debugDescription), \(slowest.time)")
  }

  @Test("text cut or changed anywhere is read or refused, never more")
  func mutations() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed of the changed texts: \(seed)")
    var random = SeededGenerator(seed: seed)
    let text =
      "# c\na: 'é''b'\nb:\n  - {x: \"\\u00e9\\n\", y: [1, 2.5]}\n  - |+\n    t\n\n  - >-\n    f\n    g\nc: ? x\n"
    let original = Array(text.utf8)
    let signs = Array("\n\r\t :-?[]{},&*!|>'\"%@#\\aé\u{0}\u{85}".utf8) + [0xFF, 0xC3]
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0...random.below(4) {
        let place = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[place] = signs[random.below(signs.count)]
        case 1: bytes.insert(signs[random.below(signs.count)], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(8)))
        }
        if bytes.isEmpty { bytes = original }
      }
      let (node, found) = read(bytes)
      #expect((node == nil) == !found.isEmpty)
      for diagnostic in found {
        #expect((diagnostic.span?.upperBound ?? 0) <= bytes.count, "\(bytes)")
      }
    }
  }
}
