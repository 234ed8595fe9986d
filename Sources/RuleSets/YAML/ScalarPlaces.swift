/// Where each byte of a scalar's value stands in the file, so that an error inside an expression inside YAML points at
/// the right character whatever quotes, escapes, folding and indentation lie between.
package struct ScalarPlaces: Sendable {
  private let pieces: [ScalarPiece]
  private let span: Range<Int>
  private let valueCount: Int

  /// Whether the value was found again in the source; if not, every place is the scalar as a whole.
  package var isExact: Bool { !pieces.isEmpty || valueCount == 0 }

  /// The places of `scalar`, which stands at `span` of `source`.
  package init(of scalar: YAMLScalar, at span: Range<Int>, in source: SourceText) {
    self.span = span
    let value = Array(scalar.text.utf8)
    valueCount = value.count
    let inside = span.clamped(to: 0..<source.bytes.count)
    pieces =
      switch scalar.style {
      case .plain: FlowScalarScan.pieces(source.bytes, inside, quote: nil, value: value)
      case .singleQuoted: FlowScalarScan.pieces(source.bytes, inside, quote: UInt8(ascii: "'"), value: value)
      case .doubleQuoted: FlowScalarScan.pieces(source.bytes, inside, quote: UInt8(ascii: "\""), value: value)
      case .literal: BlockScalarScan.pieces(source.bytes, inside, isFolded: false, value: value)
      case .folded: BlockScalarScan.pieces(source.bytes, inside, isFolded: true, value: value)
      }
  }

  /// The file offset of the value's byte at `offset`; one past the value is one past its last character.
  package func sourceOffset(ofValueOffset offset: Int) -> Int {
    guard let last = pieces.last else { return fallback }
    if offset >= valueCount { return last.source.upperBound }
    return extent(ofValueOffset: offset).lowerBound
  }

  /// The file range of a range of the value; all of an escape where the value's character is written as one.
  package func sourceRange(ofValueRange range: Range<Int>) -> Range<Int> {
    guard isExact, !pieces.isEmpty else {
      return isExact ? fallback..<fallback : span
    }
    let start = sourceOffset(ofValueOffset: range.lowerBound)
    guard !range.isEmpty else { return start..<start }
    let end = extent(ofValueOffset: min(range.upperBound, valueCount) - 1).upperBound
    return start..<max(start, end)
  }

  /// The scalar's start, inside the quotes if it is empty and has some.
  private var fallback: Int {
    valueCount == 0 && span.count == 2 ? span.lowerBound + 1 : span.lowerBound
  }

  /// The source bytes that give the value's byte at `offset`.
  private func extent(ofValueOffset offset: Int) -> Range<Int> {
    var (low, high) = (0, pieces.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].value.lowerBound <= offset { low = middle } else { high = middle }
    }
    let piece = pieces[low]
    guard piece.isVerbatim else { return piece.source }
    let start = piece.source.lowerBound + max(0, offset - piece.value.lowerBound)
    return start..<start + 1
  }
}

/// A run of a value and the source that it comes from.
struct ScalarPiece: Sendable, Hashable {
  var value: Range<Int>
  var source: Range<Int>
  /// Byte for byte the same; otherwise the whole run comes from the whole source, as with an escape or a folded line.
  var isVerbatim: Bool
}

/// Collects pieces while a scalar is read again, as long as they give the value that libyaml gave.
struct ScalarPieces {
  private let bytes: [UInt8]
  private let value: [UInt8]
  private var pieces: [ScalarPiece] = []
  private var count = 0
  /// False once something was read that is not in the value.
  private(set) var agrees = true

  init(_ bytes: [UInt8], value: [UInt8]) {
    self.bytes = bytes
    self.value = value
  }

  /// The pieces if together they give exactly the value, otherwise none.
  var complete: [ScalarPiece] { agrees && count == value.count ? pieces : [] }

  mutating func verbatim(_ source: Range<Int>) {
    guard !source.isEmpty, expect(bytes[source]) else { return }
    if let last = pieces.last, last.isVerbatim, last.source.upperBound == source.lowerBound {
      pieces[pieces.count - 1].value = last.value.lowerBound..<count
      pieces[pieces.count - 1].source = last.source.lowerBound..<source.upperBound
    } else {
      pieces.append(ScalarPiece(value: count - source.count..<count, source: source, isVerbatim: true))
    }
  }

  mutating func replaced(_ source: Range<Int>, by text: some Collection<UInt8>) {
    guard expect(text) else { return }
    pieces.append(ScalarPiece(value: count - text.count..<count, source: source, isVerbatim: false))
  }

  private mutating func expect(_ text: some Collection<UInt8>) -> Bool {
    agrees = agrees && value[count...].starts(with: text)
    if agrees { count += text.count }
    return agrees
  }
}

/// Characters as the scans of scalars see them.
enum ScalarBytes {
  static let lineFeed = [UInt8(ascii: "\n")]
  static let space = [UInt8(ascii: " ")]

  static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  static func isBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  /// The line break at `index`: one byte, or two for CR LF.
  static func lineBreak(_ bytes: [UInt8], at index: Int, before end: Int) -> Range<Int> {
    let isPair =
      bytes[index] == UInt8(ascii: "\r") && index + 1 < end && bytes[index + 1] == UInt8(ascii: "\n")
    return index..<index + (isPair ? 2 : 1)
  }
}
