/// A reply of one string, or of one short line that is no error, read where it stands whole.
///
/// Nearly all replies are. hiredis reads them too, at the price of copying them into its own buffer and of several
/// calls for each: whatever else comes, what is cut, and what is not quite as it should be, is left to it.
struct PlainReply {
  let kind: ReplyTape.Kind
  private(set) var integer = 0
  /// The bytes of a string or a status.
  private(set) var bytes = 0..<0
  /// Where the next reply begins.
  let end: Int

  /// More digits are none of a length or a number that a log could have.
  private static let digitsMax = 15
  private static let statusBytesMax = 32

  /// The reply at `start`; nil where it is another, or not wholly there.
  @inline(__always) init?(_ all: RawSpan, at start: Int) {
    guard start < all.byteCount else { return nil }
    switch Self.byte(all, start) {
    case UInt8(ascii: ":"):
      guard let (number, end) = Self.number(all, start + 1) else { return nil }
      kind = .integer
      integer = number
      self.end = end
    case UInt8(ascii: "$"):
      guard let (count, first) = Self.number(all, start + 1) else {
        guard Self.isNull(all, start) else { return nil }
        kind = .null
        end = start + 5
        return
      }
      guard count <= all.byteCount - first - 2, Self.isLineEnd(all, first + count) else { return nil }
      kind = .bytes
      bytes = first..<first + count
      end = first + count + 2
    case UInt8(ascii: "+"):
      var stop = start + 1
      let most = min(all.byteCount, stop + Self.statusBytesMax)
      while stop < most && Self.byte(all, stop) != UInt8(ascii: "\r") { stop += 1 }
      guard Self.isLineEnd(all, stop) else { return nil }
      kind = .status
      bytes = start + 1..<stop
      end = stop + 2
    default: return nil
    }
  }

  /// A number without a sign and the end of its line.
  @inline(__always) private static func number(_ all: RawSpan, _ start: Int) -> (value: Int, end: Int)? {
    var index = start
    var value = 0
    let most = min(all.byteCount, start + digitsMax)
    while index < most {
      let digit = byte(all, index) &- UInt8(ascii: "0")
      if digit > 9 { break }
      value = value &* 10 &+ Int(digit)
      index += 1
    }
    guard index > start, isLineEnd(all, index) else { return nil }
    if index > start + 1 && byte(all, start) == UInt8(ascii: "0") { return nil }
    return (value, index + 2)
  }

  private static func isNull(_ all: RawSpan, _ start: Int) -> Bool {
    all.byteCount - start >= 5 && byte(all, start + 1) == UInt8(ascii: "-")
      && byte(all, start + 2) == UInt8(ascii: "1") && isLineEnd(all, start + 3)
  }

  @inline(__always) private static func isLineEnd(_ all: RawSpan, _ offset: Int) -> Bool {
    guard all.byteCount - offset >= 2 else { return false }
    return unsafe all.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self).littleEndian == 0x0A0D
  }

  @inline(__always) private static func byte(_ all: RawSpan, _ offset: Int) -> UInt8 {
    unsafe all.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}
