/// Positions in text, counted in code points: every byte of UTF-8 but the continuation bytes `10xxxxxx` begins one.
enum CodePoints {
  /// Where the code point number `position` begins; behind the last one the end; nil beyond it and below 0.
  static func offset(of position: Int64, in bytes: [UInt8]) -> Int? {
    guard position >= 0, position <= Int64(bytes.count) else { return nil }
    var left = position
    for (offset, byte) in bytes.enumerated() where begins(byte) {
      if left == 0 { return offset }
      left -= 1
    }
    return left == 0 ? bytes.count : nil
  }

  static func count(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 &+ (begins($1) ? 1 : 0) }
  }

  /// The end of the code point that begins at `offset`.
  static func end(after offset: Int, in bytes: [UInt8]) -> Int {
    var end = min(offset + 1, bytes.count)
    while end < bytes.count, !begins(bytes[end]) { end += 1 }
    return end
  }

  private static func begins(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }
}

/// A text that is looked for in others.
///
/// Knuth, Morris and Pratt (1977), so that no text and pattern together cost more than the sum of their lengths.
struct TextPattern {
  let bytes: [UInt8]
  /// For each beginning of the pattern the length of the longest one that it also ends with.
  private let borders: [Int]

  /// `text` must not be empty.
  init(_ text: String) { self.init(text.utf8Span.span) }

  /// `text` must not be empty.
  init(_ text: Span<UInt8>) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    for index in 0..<text.count { bytes.append(text[index]) }
    self.bytes = bytes
    var borders = [Int](repeating: 0, count: bytes.count)
    var matched = 0
    for index in bytes.indices.dropFirst() {
      while matched > 0, bytes[index] != bytes[matched] { matched = borders[matched - 1] }
      if bytes[index] == bytes[matched] { matched += 1 }
      borders[index] = matched
    }
    self.borders = borders
  }

  /// Where the pattern first begins at or after `start`, or nil.
  func first(in text: Span<UInt8>, from start: Int = 0) -> Int? {
    var matched = 0
    for index in min(start, text.count)..<text.count where advance(&matched, text[index]) {
      return index + 1 - bytes.count
    }
    return nil
  }

  /// Where the pattern last begins at or before `limit`, or nil.
  func last(in text: Span<UInt8>, notAfter limit: Int) -> Int? {
    var matched = 0
    var found: Int?
    for index in 0..<min(text.count, limit + bytes.count) where advance(&matched, text[index]) {
      found = index + 1 - bytes.count
      matched = borders[bytes.count - 1]
    }
    return found
  }

  /// Takes one byte more; true when it completes the pattern.
  @inline(__always)
  private func advance(_ matched: inout Int, _ byte: UInt8) -> Bool {
    while matched > 0, byte != bytes[matched] { matched = borders[matched - 1] }
    if byte == bytes[matched] { matched += 1 }
    return matched == bytes.count
  }
}
