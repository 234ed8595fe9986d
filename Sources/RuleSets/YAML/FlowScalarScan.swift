/// Reads a plain or quoted scalar again, keeping where each part of its value comes from.
struct FlowScalarScan {
  private let bytes: [UInt8]
  private let end: Int
  private let quote: UInt8?
  private var index: Int
  private var pieces: ScalarPieces

  /// The pieces of `value` in `span`, none if it cannot be found again there.
  static func pieces(_ bytes: [UInt8], _ span: Range<Int>, quote: UInt8?, value: [UInt8]) -> [ScalarPiece] {
    var inside = span
    if quote != nil {
      guard span.count >= 2 else { return [] }
      inside = span.lowerBound + 1..<span.upperBound - 1
    }
    var scan = FlowScalarScan(
      bytes: bytes, end: inside.upperBound, quote: quote, index: inside.lowerBound,
      pieces: ScalarPieces(bytes, value: value))
    scan.run()
    return scan.pieces.complete
  }

  private mutating func run() {
    while index < end, pieces.agrees {
      let byte = bytes[index]
      if ScalarBytes.isBlank(byte) || ScalarBytes.isBreak(byte) {
        space()
      } else if byte == UInt8(ascii: "'"), quote == byte {
        pieces.replaced(index..<min(index + 2, end), by: [byte])
        index += 2
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        escape()
      } else {
        pieces.verbatim(index..<index + 1)
        index += 1
      }
    }
  }

  /// Blanks on one line stay; blanks around line breaks go, one break is a space and each further one a line feed.
  private mutating func space() {
    let start = index
    skipBlanks()
    guard index < end, ScalarBytes.isBreak(bytes[index]) else {
      pieces.verbatim(start..<index)
      return
    }
    let first = ScalarBytes.lineBreak(bytes, at: index, before: end)
    index = first.upperBound
    if !furtherBreaks() { pieces.replaced(first, by: ScalarBytes.space) }
  }

  /// Takes empty lines and the next line's indentation; whether there were empty lines.
  private mutating func furtherBreaks() -> Bool {
    var found = false
    skipBlanks()
    while index < end, ScalarBytes.isBreak(bytes[index]) {
      let lineBreak = ScalarBytes.lineBreak(bytes, at: index, before: end)
      pieces.replaced(lineBreak, by: ScalarBytes.lineFeed)
      index = lineBreak.upperBound
      found = true
      skipBlanks()
    }
    return found
  }

  private mutating func skipBlanks() {
    while index < end, ScalarBytes.isBlank(bytes[index]) { index += 1 }
  }

  private mutating func escape() {
    let start = index
    index += 2
    guard start + 1 < end else { return }
    if ScalarBytes.isBreak(bytes[start + 1]) {
      index = ScalarBytes.lineBreak(bytes, at: start + 1, before: end).upperBound
      _ = furtherBreaks()
      return
    }
    var code = Self.named[bytes[start + 1]]
    if let digitCount = Self.digitCounts[bytes[start + 1]] {
      index = min(index + digitCount, end)
      code = UInt32(String(decoding: bytes[start + 2..<index], as: UTF8.self), radix: 16)
    }
    let scalar = code.flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
    pieces.replaced(start..<index, by: Array(String(scalar).utf8))
  }

  private static let digitCounts: [UInt8: Int] = [
    UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8,
  ]

  private static let named: [UInt8: UInt32] = [
    UInt8(ascii: "0"): 0, UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9,
    UInt8(ascii: "\t"): 9,
    UInt8(ascii: "n"): 10, UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13,
    UInt8(ascii: "e"): 27, UInt8(ascii: " "): 32, UInt8(ascii: "\""): 34, UInt8(ascii: "/"): 47,
    UInt8(ascii: "\\"): 92, UInt8(ascii: "N"): 0x85, UInt8(ascii: "_"): 0xA0, UInt8(ascii: "L"): 0x2028,
    UInt8(ascii: "P"): 0x2029,
  ]
}
