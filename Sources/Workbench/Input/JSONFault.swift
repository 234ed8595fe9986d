/// Where a line stops being JSON, and how it looks there with every value left out.
///
/// In a broken line nobody can tell for sure which bytes belong to a sensitive field. So the excerpt shows
/// punctuation, `true`, `false`, `null` and the names that the schema declares. Text in quotes is `…`; of what stands
/// outside of them, which JSON would not have there, the shape is shown: `a` for a letter, `0` for a digit.
package struct JSONFault: Hashable, Sendable {
  /// In characters, from 1.
  package let column: Int
  /// What was expected, and the kind of what was found; never the text that was found.
  package let message: String
  /// A part of the line around the place.
  package let excerpt: String
  /// The character of the excerpt, from 0, that the message is about; behind its end for a line that ends too early.
  package let caret: Int
  /// Whether the excerpt shows the shape of something instead of what stands there.
  package var isMasked: Bool { excerpt.contains { $0 == "…" || $0 == "a" || $0 == "0" } }

  /// Nil when the line is JSON after all. `names` are those that may be shown.
  package init?(in line: [UInt8], names: Set<String>) {
    guard let error = JSONValue.fault(in: line) else { return nil }
    let offset = min(max(0, error.offset), line.count)
    column = line[..<offset].count { $0 & 0xC0 != 0x80 } + 1
    message = "\(error.message), found \(Self.noun(of: offset < line.count ? line[offset] : nil))"
    (excerpt, caret) = Self.excerpt(JSONOutline.pieces(of: line, names: names), offset)
  }

  private static func noun(of byte: UInt8?) -> String {
    guard let byte else { return "the end of the line" }
    switch byte {
    case UInt8(ascii: "\""): return "a quote"
    case UInt8(ascii: "'"): return "a single quote"
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return "a digit"
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return "a letter"
    case 0x20: return "a blank"
    case 0..<0x20, 0x7F: return "a control character"
    case 0x80...: return "a character beyond ASCII"
    case _ where JSONOutline.punctuation.contains(byte): return "`\(Character(Unicode.Scalar(byte)))`"
    default: return "another character"
    }
  }

  /// Columns that are shown on each side of the place.
  private static let reach = 36

  private static func excerpt(_ pieces: [JSONOutline.Piece], _ offset: Int) -> (text: String, caret: Int) {
    let place = pieces.firstIndex { offset < $0.end } ?? pieces.count
    var (first, width) = (place, 0)
    while first > 0, width + pieces[first - 1].text.count <= reach {
      first -= 1
      width += pieces[first].text.count
    }
    var text = first > 0 ? "… " : ""
    for piece in pieces[first..<place] { text += piece.text }
    var caret = text.count
    // Within a shape a character stands for each character of the line.
    if place < pieces.count, let start = pieces[place].shapeStart {
      caret += min(max(0, offset - start), max(0, pieces[place].text.count - 1))
    }
    let start = text.count
    for (index, piece) in pieces[place...].enumerated() {
      if text.count - start + piece.text.count > reach, index > 0 { return (text + " …", caret) }
      text += piece.text
    }
    return (text, caret)
  }
}

/// The pieces of a line of broken JSON, as they may be shown.
enum JSONOutline {
  /// A piece that ends before the byte `end`.
  struct Piece {
    let text: String
    let end: Int
    /// Where a shape of ASCII begins, byte by byte; nil for every other piece.
    var shapeStart: Int?
  }

  /// Characters of a shape that are shown.
  private static let shapeMax = 24
  private static let kept = Set("-./'=()<>;|_+#&*~^!".utf8)

  /// What a word looks like, without what it says.
  private static func shape(_ word: ArraySlice<UInt8>) -> String {
    var text = ""
    for byte in word.prefix(shapeMax) {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): text += "0"
      case _ where kept.contains(byte): text.unicodeScalars.append(Unicode.Scalar(byte))
      // One for each character, not for each byte of it.
      case 0x80..<0xC0: break
      case 0x20..<0x7F where (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20): text += "a"
      case 0xC0...: text += "a"
      default: text += "?"
      }
    }
    return word.count > shapeMax ? text + "…" : text
  }

  static let punctuation = Set("{}[]:,".utf8)
  private static let words: Set = ["true", "false", "null"]

  static func pieces(of line: [UInt8], names: Set<String>) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    while start < line.count {
      let piece = piece(of: line, at: start, names)
      start = piece.end
      pieces.append(piece)
    }
    return pieces
  }

  private static func piece(of line: [UInt8], at start: Int, _ names: Set<String>) -> Piece {
    let byte = line[start]
    if punctuation.contains(byte) {
      return Piece(text: String(decoding: [byte], as: UTF8.self), end: start + 1)
    }
    if isBlank(byte) {
      let end = line[start...].firstIndex { !isBlank($0) } ?? line.count
      return Piece(text: " ", end: end)
    }
    if byte == UInt8(ascii: "\"") { return string(of: line, at: start, names) }
    let end =
      line[start...].firstIndex { punctuation.contains($0) || isBlank($0) || $0 == UInt8(ascii: "\"") }
      ?? line.count
    let word = String(decoding: line[start..<end], as: UTF8.self)
    // A name in the quotation marks of another language is still a name.
    let bare = word.hasPrefix("'") && word.hasSuffix("'") ? String(word.dropFirst().dropLast()) : word
    if words.contains(word) || names.contains(bare) { return Piece(text: word, end: end) }
    let isPlain = line[start..<end].allSatisfy { $0 < 0x80 }
    return Piece(text: shape(line[start..<end]), end: end, shapeStart: isPlain ? start : nil)
  }

  private static func string(of line: [UInt8], at start: Int, _ names: Set<String>) -> Piece {
    var end = start + 1
    while end < line.count, line[end] != UInt8(ascii: "\"") {
      end += line[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < line.count else { return Piece(text: "\"…", end: line.count) }
    let content = String(decoding: line[start + 1..<end], as: UTF8.self)
    return Piece(text: names.contains(content) ? "\"\(content)\"" : "\"…\"", end: end + 1)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
