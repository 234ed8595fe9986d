/// A set of constant whole numbers.
///
/// Open addressing over a plain hash: the members come from the author of an expression, so nobody gains by making
/// them collide.
final class WholeSet: Sendable {
  /// The members, each in the first free bucket from its own on; a power of two, at most half full.
  private let buckets: [Int64]
  /// Bit for bit whether a bucket holds a member.
  private let used: [UInt64]

  init(_ members: [Int64]) {
    var size = 64
    while size < members.count * 2 { size *= 2 }
    var buckets = [Int64](repeating: 0, count: size)
    var used = [UInt64](repeating: 0, count: size / 64)
    for member in members {
      var bucket = WholeSet.bucket(of: member, size)
      while WholeSet.isUsed(bucket, used), buckets[bucket] != member { bucket = (bucket + 1) & (size - 1) }
      buckets[bucket] = member
      used[bucket >> 6] |= 1 << UInt64(bucket & 63)
    }
    self.buckets = members.isEmpty ? [] : buckets
    self.used = members.isEmpty ? [] : used
  }

  func contains(_ number: Int64) -> Bool {
    guard !buckets.isEmpty else { return false }
    var bucket = WholeSet.bucket(of: number, buckets.count)
    while WholeSet.isUsed(bucket, used) {
      if buckets[bucket] == number { return true }
      bucket = (bucket + 1) & (buckets.count - 1)
    }
    return false
  }

  @inline(__always)
  private static func isUsed(_ bucket: Int, _ used: [UInt64]) -> Bool {
    used[bucket >> 6] >> UInt64(bucket & 63) & 1 != 0
  }

  /// Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4): the high bits of a product with 2⁶⁴ over the
  /// golden ratio.
  @inline(__always)
  private static func bucket(of number: Int64, _ size: Int) -> Int {
    let product = UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: product >> 32) & (size - 1)
  }
}
