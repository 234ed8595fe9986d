/// Gzip without compression: enough to make members of any content for the tests.
enum StoredGzip {
  /// One member that holds `content` in stored blocks.
  static func member(_ content: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    var start = 0
    repeat {
      let end = min(start + 65_535, content.count)
      result.append(end == content.count ? 1 : 0)
      let length = UInt16(end - start)
      result += bytes(of: UInt32(length), count: 2) + bytes(of: UInt32(~length), count: 2)
      result += content[start..<end]
      start = end
    } while start < content.count
    return result + bytes(of: checksum(content), count: 4) + bytes(of: UInt32(content.count), count: 4)
  }

  private static func bytes(of number: UInt32, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
  }

  /// CRC-32 of RFC 1952.
  private static func checksum(_ content: [UInt8]) -> UInt32 {
    var remainder: UInt32 = 0xFFFF_FFFF
    for byte in content {
      remainder ^= UInt32(byte)
      for _ in 0..<8 {
        remainder = remainder & 1 == 1 ? (remainder >> 1) ^ 0xEDB8_8320 : remainder >> 1
      }
    }
    return ~remainder
  }
}
