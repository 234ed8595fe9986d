/// Text as CEL sees it: a sequence of code points, of which the order is that of the UTF-8 bytes.
///
/// Swift's own `==` and `<` hold canonically equivalent texts for equal (`é` in one or two code points); CEL does not.
package enum TextOrder {
  package static func compare(_ left: String, _ right: String) -> Order {
    compare(left.utf8Span.span, right.utf8Span.span)
  }

  package static func equal(_ left: String, _ right: String) -> Bool {
    equal(left.utf8Span.span, right.utf8Span.span)
  }

  static func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Order {
    let shared = min(left.count, right.count)
    for index in 0..<shared where left[index] != right[index] { return Order(left[index], right[index]) }
    return Order(left.count, right.count)
  }

  @inline(__always)
  static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    let words = left.count / 8
    for word in 0..<words where load(left, word) != load(right, word) { return false }
    for index in words * 8..<left.count where left[index] != right[index] { return false }
    return true
  }

  /// Eight bytes at once; the caller has checked that `text` has them.
  @inline(__always)
  static func load(_ text: Span<UInt8>, _ word: Int) -> UInt64 {
    text.bytes.unsafeLoadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
  }

  /// The number of code points: every byte but the continuation bytes `10xxxxxx` begins one.
  package static func codePointCount(_ text: String) -> Int {
    codePointCount(text.utf8Span.span)
  }

  static func codePointCount(_ bytes: Span<UInt8>) -> Int {
    var count = 0
    for index in 0..<bytes.count { count &+= bytes[index] & 0xC0 == 0x80 ? 0 : 1 }
    return count
  }

  static func starts(_ text: String, with prefix: String) -> Bool {
    starts(text.utf8Span.span, with: prefix.utf8Span.span)
  }

  static func starts(_ text: Span<UInt8>, with prefix: Span<UInt8>) -> Bool {
    text.count >= prefix.count && equal(text.extracting(0..<prefix.count), prefix)
  }

  static func ends(_ text: String, with suffix: String) -> Bool {
    ends(text.utf8Span.span, with: suffix.utf8Span.span)
  }

  static func ends(_ text: Span<UInt8>, with suffix: Span<UInt8>) -> Bool {
    text.count >= suffix.count
      && equal(text.extracting(text.count - suffix.count..<text.count), suffix)
  }

  static func contains(_ text: String, _ part: String) -> Bool {
    contains(text.utf8Span.span, part.utf8Span.span)
  }

  static func contains(_ text: Span<UInt8>, _ part: Span<UInt8>) -> Bool {
    guard part.count <= text.count else { return false }
    guard part.count > 8 else { return containsShort(text, part) }
    return TextPattern(part).first(in: text) != nil
  }

  /// Compares at each position: at most eight times the text's length.
  private static func containsShort(_ text: Span<UInt8>, _ part: Span<UInt8>) -> Bool {
    for start in 0...(text.count - part.count)
    where equal(text.extracting(start..<start + part.count), part) { return true }
    return false
  }
}
