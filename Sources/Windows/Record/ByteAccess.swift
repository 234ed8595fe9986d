#if canImport(Glibc)
  internal import Glibc
#endif

/// Little-endian numbers of a span; every load checks its bounds.
extension RawSpan {
  @inline(__always) func byte(at offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  @inline(__always) func number<Number: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Number.Type
  ) -> Number {
    Number(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type))
  }

  /// Whether the bytes at two ranges of equal length are the same.
  @inline(__always) func equal(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    guard left.count == right.count else { return false }
    return equal(left, extracting(right))
  }

  /// Whether the bytes at `range` are those of `other`.
  @inline(__always) package func equal(_ range: Range<Int>, _ other: RawSpan) -> Bool {
    guard range.count == other.byteCount else { return false }
    if range.isEmpty { return true }
    let part = extracting(range)
    return unsafe part.withUnsafeBytes { left in
      unsafe other.withUnsafeBytes { right in
        guard let one = left.baseAddress, let two = right.baseAddress else { return true }
        return unsafe memcmp(one, two, left.count) == 0
      }
    }
  }
}

extension ContiguousArray<UInt8> {
  /// The elements as raw bytes.
  @inlinable package var rawBytes: RawSpan {
    @_lifetime(borrow self) @inline(__always)
    get { unsafe span.bytes }
  }
}

extension [UInt8] {
  /// The elements as raw bytes.
  @inlinable package var rawBytes: RawSpan {
    @_lifetime(borrow self) @inline(__always)
    get { unsafe span.bytes }
  }
}
