import RuleSets
import TestSupport
import Testing

/// Every byte of a scalar's value is found in the file, in every style, through escapes, folding and indentation.
struct YAMLScalarPlacesTests {
  @Test("a place inside a value is the place in the file")
  func examples() throws {
    try expect("when: a > payout\n", "payout", at: "payout")
    try expect("when: 'it''s > payout'\n", "payout", at: "payout")
    try expect("when: 'it''s'\n", "'", at: "''")
    try expect("when: \"\\u00e9\\t > \\x70ayout\"\n", "p", at: "\\x70")
    try expect("when: \"\\u00e9\\t > pay\\\n  out\"\n", "payout", at: "pay\\\n  out")
    try expect("when: >-\n  a &&\n  payout\n", "payout", at: "payout")
    try expect("when: >-\n  a &&\n  payout\n", "&& p", at: "&&\n  p")
    try expect("when: |2+ # why\n    a\n\n  payout\n\n", "payout", at: "payout")
    try expect("when: a >\n   payout\n", "payout", at: "payout")
  }

  private func expect(_ source: String, _ part: String, at expected: String) throws {
    let (scalar, span, text) = try scalar(in: source)
    let places = ScalarPlaces(of: scalar, at: span, in: text)
    let range = try #require(scalar.text.firstRange(of: part))
    let start = scalar.text.utf8.distance(from: scalar.text.startIndex, to: range.lowerBound)
    let found = places.sourceRange(ofValueRange: start..<start + part.utf8.count)
    #expect(String(decoding: text.bytes[found], as: UTF8.self) == expected)
  }

  private func scalar(in source: String) throws -> (YAMLScalar, Range<Int>, SourceText) {
    let text = SourceText(Array(source.utf8))
    var diagnostics = DiagnosticCollector()
    let root = YAMLReader.read(text, file: "a.yaml", into: &diagnostics)
    var node = try #require(root, "\(source.debugDescription): \(diagnostics.list().all)")
    while let inner = node.entries?.first?.value { node = inner }
    return (try #require(node.scalar), node.span, text)
  }

  @Test("the end of a value, an empty one, and a value that is not there fall back to the scalar")
  func ends() throws {
    var (scalar, span, text) = try scalar(in: "a: ''\n")
    var places = ScalarPlaces(of: scalar, at: span, in: text)
    #expect(places.sourceOffset(ofValueOffset: 0) == 4)
    #expect(places.sourceRange(ofValueRange: 0..<0) == 4..<4)
    (scalar, span, text) = try self.scalar(in: "a: \"bc\"\n")
    places = ScalarPlaces(of: scalar, at: span, in: text)
    #expect(places.sourceOffset(ofValueOffset: 2) == 6)
    #expect(places.sourceRange(ofValueRange: 2..<2) == 6..<6)
    places = ScalarPlaces(of: YAMLScalar(text: "other", style: .doubleQuoted), at: span, in: text)
    #expect(!places.isExact)
    #expect(places.sourceRange(ofValueRange: 2..<3) == span)
  }

  @Test(
    "generated scalars of all styles",
    arguments: [YAMLScalar.Style.plain, .singleQuoted, .doubleQuoted, .literal, .folded])
  func generated(style: YAMLScalar.Style) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed of the \(style) scalars: \(seed)")
    var writer = ScalarWriter(style: style, seed: seed)
    for _ in 0..<2000 {
      let source = writer.document()
      let (scalar, span, text) = try scalar(in: source)
      #expect(scalar.style == style)
      let places = ScalarPlaces(of: scalar, at: span, in: text)
      guard places.isExact else {
        Issue.record("not found again: \(source.debugDescription), \(scalar.text.debugDescription)")
        continue
      }
      if !agrees(places, scalar, text) {
        Issue.record("\(source.debugDescription), \(scalar.text.debugDescription)")
      }
      for word in writer.words {
        #expect(finds(word, scalar, places, text), "\(word) in \(source.debugDescription)")
      }
    }
  }

  /// Each character is itself in the source, or a line break, a doubled quote or an escape; and the order is kept.
  private func agrees(_ places: ScalarPlaces, _ scalar: YAMLScalar, _ source: SourceText) -> Bool {
    var offset = 0
    var last = -1
    for character in scalar.text.unicodeScalars {
      let length = character.utf8.count
      let range = places.sourceRange(ofValueRange: offset..<offset + length)
      guard range.lowerBound == places.sourceOffset(ofValueOffset: offset), range.lowerBound > last else {
        return false
      }
      let written = String(decoding: source.bytes[range], as: UTF8.self)
      let isItself = written.unicodeScalars.elementsEqual([character])
      let isBreak = (written == "\n" || written == "\r\n") && (character == " " || character == "\n")
      let isEscape = scalar.style == .doubleQuoted && written.hasPrefix("\\") && written.utf8.count > 1
      let isQuote = scalar.style == .singleQuoted && written == "''" && character == "'"
      guard isItself || isBreak || isEscape || isQuote else { return false }
      last = range.lowerBound
      offset += length
    }
    return true
  }

  /// A word that stands once in the source and once in the value is mapped from one to the other.
  private func finds(_ word: String, _ scalar: YAMLScalar, _ places: ScalarPlaces, _ source: SourceText)
    -> Bool
  {
    guard let inValue = offset(of: word, in: Array(scalar.text.utf8)),
      let inFile = offset(of: word, in: source.bytes)
    else { return false }
    let count = word.utf8.count
    return places.sourceRange(ofValueRange: inValue..<inValue + count) == inFile..<inFile + count
  }

  private func offset(of word: String, in bytes: [UInt8]) -> Int? {
    let word = Array(word.utf8)
    guard bytes.count >= word.count else { return nil }
    return (0...bytes.count - word.count).first { bytes[$0..<$0 + word.count].elementsEqual(word) }
  }
}

/// Writes documents around one random scalar whose words are all different.
private struct ScalarWriter {
  let style: YAMLScalar.Style
  private(set) var words: [String] = []
  private var random: SeededGenerator
  private var lineBreak = "\n"

  init(style: YAMLScalar.Style, seed: UInt64) {
    self.style = style
    random = SeededGenerator(seed: seed)
  }

  mutating func document() -> String {
    words = []
    lineBreak = random.below(4) == 0 ? "\r\n" : "\n"
    let depth = random.below(4)
    var text = random.below(2) == 0 ? "" : "# é😀" + lineBreak
    for level in 0..<depth { text += String(repeating: "  ", count: level) + "ключ:" + lineBreak }
    let indent = 2 * depth
    text += String(repeating: " ", count: indent) + "k: "
    text += style == .literal || style == .folded ? block(indent) : flow(indent)
    return text
  }

  private mutating func word() -> String {
    let word = "w\(words.count)" + random.pick(["", "é", "漢", "😀", "x"]) + "."
    words.append(word)
    return word
  }

  private mutating func flow(_ indent: Int) -> String {
    let quote = style == .plain ? "" : style == .singleQuoted ? "'" : "\""
    var text = quote
    for index in 0...random.below(8) {
      if index > 0 { text += separator(indent) }
      text +=
        style == .doubleQuoted
        ? random.pick(["", "", "\\n", "\\\"", "\\u00e9", "\\U0001F600", "\\x41", "\\\\", "\\/", "\\L"]) : ""
      text += style == .singleQuoted ? random.pick(["", "", "''", "''''"]) : ""
      text += word()
    }
    text += quote
    return text + (random.below(3) == 0 ? " # after" : "") + (random.below(4) == 0 ? "" : lineBreak)
  }

  private mutating func separator(_ indent: Int) -> String {
    let kind = random.below(5)
    if kind < 2 { return random.pick([" ", "  ", "\t", " \t "]) }
    if kind == 2, style != .plain { return "" + random.pick([" ", "   "]) }
    var text = style == .doubleQuoted && random.below(3) == 0 ? " \\" : random.pick(["", " ", "\t"])
    for _ in 0...random.below(3) { text += lineBreak + random.pick(["", " ", "    "]) }
    text += lineBreak
    return text + String(repeating: " ", count: indent + 1 + random.below(4))
  }

  private mutating func block(_ indent: Int) -> String {
    let step = 1 + random.below(4)
    let isExplicit = random.below(2) == 0
    let chomping = random.pick(["", "-", "+"])
    let digit = isExplicit ? String(step) : ""
    var text = style == .literal ? "|" : ">"
    text += random.below(2) == 0 ? chomping + digit : digit + chomping
    text += random.pick(["", " ", " # why - 3 +"]) + lineBreak
    let margin = String(repeating: " ", count: indent + step)
    for index in 0...random.below(7) {
      for _ in 0..<random.below(3) where random.below(2) == 0 {
        text += random.pick(["", " "]) + lineBreak
      }
      let extra = index > 0 || isExplicit ? random.pick(["", "", "", " ", "   "]) : ""
      text +=
        margin + extra + word() + random.pick(["", " ", " # no comment"]) + (index == 0 ? "" : " " + word())
        + lineBreak
    }
    if random.below(4) == 0 { return String(text.dropLast(1)) }
    for _ in 0..<random.below(3) { text += lineBreak }
    return text + (random.below(2) == 0 ? "# end" + lineBreak : "")
  }
}
