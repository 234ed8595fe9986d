/// Reads a literal (`|`) or folded (`>`) scalar again, keeping where each part of its value comes from.
struct BlockScalarScan {
  private let bytes: [UInt8]
  private let end: Int
  private let indent: Int
  private let isFolded: Bool
  private let chomping: Chomping
  private var index: Int
  private var pieces: ScalarPieces
  /// The break that ends the last line of text, and those of the empty lines after it.
  private var lineEnd: Range<Int>?
  private var emptyLines: [Range<Int>] = []

  private enum Chomping { case strip, clip, keep }

  /// The pieces of `value` in `span`, none if it cannot be found again there.
  ///
  /// The indentation is not told by the span alone (an explicit one counts from the parent's), but only one can give
  /// the value: that of the first line of text or a smaller one.
  static func pieces(_ bytes: [UInt8], _ span: Range<Int>, isFolded: Bool, value: [UInt8]) -> [ScalarPiece] {
    var start = span.lowerBound
    var chomping = Chomping.clip
    while start < span.upperBound, !ScalarBytes.isBreak(bytes[start]) {
      if bytes[start] == UInt8(ascii: "#") { break }
      if bytes[start] == UInt8(ascii: "-") { chomping = .strip }
      if bytes[start] == UInt8(ascii: "+") { chomping = .keep }
      start += 1
    }
    while start < span.upperBound, !ScalarBytes.isBreak(bytes[start]) { start += 1 }
    guard start < span.upperBound else { return [] }
    start = ScalarBytes.lineBreak(bytes, at: start, before: span.upperBound).upperBound

    let widest = min(indentation(bytes, start..<span.upperBound), indentsMax)
    for indent in (0...widest).reversed() {
      var scan = BlockScalarScan(
        bytes: bytes, end: span.upperBound, indent: indent, isFolded: isFolded, chomping: chomping,
        index: start,
        pieces: ScalarPieces(bytes, value: value))
      scan.run()
      if !scan.pieces.complete.isEmpty { return scan.pieces.complete }
    }
    return []
  }

  /// Each wrong guess is given up at its first difference; this bounds them all the same.
  private static let indentsMax = 1000

  /// The spaces before the first line of text, or of the longest line if there is no text.
  private static func indentation(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    var widest = 0
    var count = 0
    for index in range {
      if bytes[index] == UInt8(ascii: " ") {
        count += 1
      } else if ScalarBytes.isBreak(bytes[index]) {
        widest = max(widest, count)
        count = 0
      } else {
        return count
      }
    }
    return max(widest, count)
  }

  private mutating func run() {
    takeEmptyLines()
    var lastBeganBlank = false
    while index < end, column == indent, pieces.agrees {
      let beginsBlank = ScalarBytes.isBlank(bytes[index])
      joinLines(folding: isFolded && !lastBeganBlank && !beginsBlank)
      lastBeganBlank = beginsBlank
      takeLine()
    }
    if chomping != .strip { joinLineEnd() }
    if chomping == .keep { joinEmptyLines() }
  }

  private mutating func takeLine() {
    let start = index
    while index < end, !ScalarBytes.isBreak(bytes[index]) { index += 1 }
    pieces.verbatim(start..<index)
    if index < end {
      let lineBreak = ScalarBytes.lineBreak(bytes, at: index, before: end)
      lineEnd = lineBreak
      index = lineBreak.upperBound
    }
    takeEmptyLines()
  }

  /// Skips indentation and collects the breaks of lines that have nothing else.
  private mutating func takeEmptyLines() {
    while true {
      column = 0
      while column < indent, index < end, bytes[index] == UInt8(ascii: " ") {
        column += 1
        index += 1
      }
      guard index < end, ScalarBytes.isBreak(bytes[index]) else { return }
      let lineBreak = ScalarBytes.lineBreak(bytes, at: index, before: end)
      emptyLines.append(lineBreak)
      index = lineBreak.upperBound
    }
  }

  private var column = 0

  private mutating func joinLines(folding: Bool) {
    if folding, let lineBreak = lineEnd {
      if emptyLines.isEmpty { pieces.replaced(lineBreak, by: ScalarBytes.space) }
      lineEnd = nil
    }
    joinLineEnd()
    joinEmptyLines()
  }

  private mutating func joinLineEnd() {
    if let lineBreak = lineEnd { pieces.replaced(lineBreak, by: ScalarBytes.lineFeed) }
    lineEnd = nil
  }

  private mutating func joinEmptyLines() {
    for lineBreak in emptyLines { pieces.replaced(lineBreak, by: ScalarBytes.lineFeed) }
    emptyLines = []
  }

  private init(
    bytes: [UInt8], end: Int, indent: Int, isFolded: Bool, chomping: Chomping, index: Int,
    pieces: ScalarPieces
  ) {
    self.bytes = bytes
    self.end = end
    self.indent = indent
    self.isFolded = isFolded
    self.chomping = chomping
    self.index = index
    self.pieces = pieces
  }
}
