/// FNV-1a: equal in every process and every release, as tags in stored records must be.
struct StableHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

  /// Adds a text and its end, so that neighbours cannot run into each other.
  mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte: byte) }
    add(byte: 0xFF)
  }

  mutating func add(_ number: some FixedWidthInteger) {
    var rest = UInt64(truncatingIfNeeded: number)
    for _ in 0..<8 {
      add(byte: UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  /// 32 bits of the hash of a text.
  static func tag(_ text: String) -> UInt32 {
    var hash = StableHash()
    hash.add(text)
    return UInt32(truncatingIfNeeded: hash.value ^ (hash.value >> 32))
  }
}
