/// A condition or a text as its author meant it: all that stands behind its key, whatever YAML makes of it.
///
/// In a block it goes on to the end of its lines, in braces to the comma or the brace that ends it.
struct MeantValue {
  /// The key that it stands behind.
  let key: String
  /// From its first character to its last, without a comment.
  let span: Range<Int>
  /// Whether it stands in the braces of a mapping.
  let isInBraces: Bool
  /// Whether that is where it ends beyond doubt.
  let isCertain: Bool

  /// What is written under these keys is an expression.
  private static let expressionKeys: Set = [
    "when", "where", "share", "sum", "min", "max", "mean", "stddev", "distinct", "first", "last",
  ]
  private static let textKeys: Set = ["reason", "title", "description", "name"]
  /// Keys that may follow on the same line by mistake: then nobody knows what was meant.
  private static let neighbours: Set = expressionKeys.union(textKeys).union([
    "id", "family", "on", "score", "decide", "status", "on_missing", "on_error", "unavailable", "tests", "by",
    "over", "of", "count", "type", "expect", "fires", "rule", "events", "with", "at",
  ])

  /// Whether it is an expression of conditions, not a text for people.
  var isExpression: Bool { Self.expressionKeys.contains(key) }

  /// How far above a place the key of its value may stand.
  private static let linesMax = 20

  /// The condition or text that the byte at `place` is part of; nil where that is no such value.
  init?(around place: Int, in bytes: [UInt8]) {
    guard place <= bytes.count else { return nil }
    var line = Self.line(around: place, of: bytes)
    for _ in 0..<Self.linesMax {
      if let found = Self.blockKey(line, of: bytes) {
        if Self.isKnown(found.key), place >= found.value {
          self.init(inBlock: found, line: line, of: bytes)
        } else if let found = Self.bracedKey(line.lowerBound..<min(place, line.upperBound), of: bytes) {
          self.init(inBraces: found, line: line, of: bytes)
        } else {
          return nil
        }
        return
      }
      if let found = Self.bracedKey(line.lowerBound..<min(place, line.upperBound), of: bytes) {
        self.init(inBraces: found, line: line, of: bytes)
        return
      }
      guard line.lowerBound > 0 else { return nil }
      line = Self.line(around: line.lowerBound - 1, of: bytes)
    }
    return nil
  }

  private struct Key {
    let key: String
    /// Of the key, from 0.
    let column: Int
    /// Where the value begins.
    let value: Int
  }

  private init?(inBlock found: Key, line: Range<Int>, of bytes: [UInt8]) {
    let region = found.value..<Self.endOfLines(below: line, rightOf: found.column, of: bytes)
    guard !region.isEmpty else { return nil }
    var scan = ValueScan(isExpression: Self.expressionKeys.contains(found.key), isInBraces: false)
    let end = scan.end(of: region, in: bytes)
    let isWhole = bytes[end..<region.upperBound].allSatisfy { $0 != UInt8(ascii: "\n") }
    self.init(found.key, found.value..<end, isInBraces: false, isClosed: scan.isClosed && isWhole, bytes)
  }

  private init?(inBraces found: Key, line: Range<Int>, of bytes: [UInt8]) {
    guard found.value < line.upperBound else { return nil }
    var scan = ValueScan(isExpression: true, isInBraces: true)
    let end = scan.end(of: found.value..<line.upperBound, in: bytes)
    self.init(found.key, found.value..<end, isInBraces: true, isClosed: scan.isClosed && scan.isEnded, bytes)
  }

  private init?(_ key: String, _ span: Range<Int>, isInBraces: Bool, isClosed: Bool, _ bytes: [UInt8]) {
    guard !span.isEmpty else { return nil }
    self.key = key
    self.span = span
    self.isInBraces = isInBraces
    isCertain = isClosed && !Self.holdsKey(bytes[span])
  }

  private static func isKnown(_ key: String) -> Bool {
    expressionKeys.contains(key) || textKeys.contains(key)
  }

  private static func line(around place: Int, of bytes: [UInt8]) -> Range<Int> {
    let start = bytes[..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return start..<(bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count)
  }

  /// `key: ` at the beginning of a line, perhaps behind the `-` of a list.
  private static func blockKey(_ line: Range<Int>, of bytes: [UInt8]) -> Key? {
    var index = line.lowerBound
    while index < line.upperBound, ScalarBytes.isBlank(bytes[index]) || bytes[index] == UInt8(ascii: "-") {
      index += 1
    }
    let start = index
    while index < line.upperBound, isWord(bytes[index]) { index += 1 }
    guard index > start, let value = value(behind: index, before: line.upperBound, of: bytes) else {
      return nil
    }
    let key = String(decoding: bytes[start..<index], as: UTF8.self)
    return Key(key: key, column: start - line.lowerBound, value: value)
  }

  /// The last `key: ` of an expression in a part of a line.
  private static func bracedKey(_ part: Range<Int>, of bytes: [UInt8]) -> Key? {
    for colon in part.reversed() where bytes[colon] == UInt8(ascii: ":") {
      let word = bytes[part.lowerBound..<colon].reversed().prefix(while: isWord)
      let key = String(decoding: word.reversed(), as: UTF8.self)
      guard expressionKeys.contains(key), let value = value(behind: colon, before: bytes.count, of: bytes),
        value <= part.upperBound
      else { continue }
      return Key(key: key, column: 0, value: value)
    }
    return nil
  }

  /// Where the value of a key begins whose `:` should stand at `colon`.
  private static func value(behind colon: Int, before end: Int, of bytes: [UInt8]) -> Int? {
    guard colon + 1 < end, bytes[colon] == UInt8(ascii: ":"), ScalarBytes.isBlank(bytes[colon + 1]) else {
      return nil
    }
    return bytes[(colon + 1)..<end].firstIndex { !ScalarBytes.isBlank($0) }
  }

  /// The end of the lines that a value which begins in `line` goes on to: those that stand further right than its key.
  private static func endOfLines(below line: Range<Int>, rightOf column: Int, of bytes: [UInt8]) -> Int {
    var end = line.upperBound
    while end < bytes.count {
      let next = Self.line(around: end + 1, of: bytes)
      let indentation = bytes[next].prefix(while: ScalarBytes.isBlank).count
      guard indentation > column, indentation < next.count else { break }
      end = next.upperBound
    }
    return end
  }

  /// Whether there is the key of another value in it, outside of all brackets.
  private static func holdsKey(_ value: ArraySlice<UInt8>) -> Bool {
    for colon in value.indices where value[colon] == UInt8(ascii: ":") {
      let word = value[..<colon].reversed().prefix(while: isWord)
      let start = colon - word.count
      let standsAlone = start == value.startIndex || value[start - 1] <= 0x20
      if standsAlone, neighbours.contains(String(decoding: word.reversed(), as: UTF8.self)) { return true }
    }
    return false
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
  }
}

/// Goes through a value to its end, minding the quotes of an expression.
private struct ValueScan {
  let isExpression: Bool
  let isInBraces: Bool
  /// Whether every quote and every bracket of the value is closed.
  private(set) var isClosed = true
  /// Whether a comma or a brace ended it.
  private(set) var isEnded = false

  init(isExpression: Bool, isInBraces: Bool) {
    self.isExpression = isExpression
    self.isInBraces = isInBraces
  }

  /// One past the last character of the value that begins `region`.
  mutating func end(of region: Range<Int>, in bytes: [UInt8]) -> Int {
    var quote: UInt8?
    var depth = 0
    var index = region.lowerBound
    scan: while index < region.upperBound {
      let byte = bytes[index]
      if let open = quote {
        if byte == UInt8(ascii: "\\") { index += 1 }
        if byte == open { quote = nil }
      } else if isExpression, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: "#"), index > region.lowerBound, bytes[index - 1] <= 0x20 {
        break scan
      } else if isInBraces, isEnd(byte, &depth) {
        isEnded = true
        break scan
      }
      index += 1
    }
    isClosed = quote == nil && depth == 0
    var end = min(index, region.upperBound)
    while end > region.lowerBound, bytes[end - 1] <= 0x20 { end -= 1 }
    return end
  }

  /// Whether a byte ends a value in braces: one outside of all brackets of its own.
  private func isEnd(_ byte: UInt8, _ depth: inout Int) -> Bool {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      if depth == 0 { return true }
      depth -= 1
    case UInt8(ascii: ","): return depth == 0
    default: break
    }
    return false
  }
}
