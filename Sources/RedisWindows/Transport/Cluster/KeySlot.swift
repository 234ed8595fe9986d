/// Which of a cluster's slots a key belongs to: the CRC16 (XMODEM) of its hash tag, if it has one, else of all of it.
package enum KeySlot {
  /// How many slots a cluster shares out among its nodes.
  package static let count = 16_384

  /// The slot of `key`.
  package static func of(_ key: ArraySlice<UInt8>) -> Int {
    Int(checksum(hashed(key))) % count
  }

  /// What stands between the first brace and the first closing one after it, unless that is nothing.
  private static func hashed(_ key: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key }
    let rest = key[(open + 1)...]
    guard let close = rest.firstIndex(of: UInt8(ascii: "}")), close > rest.startIndex else { return key }
    return rest[..<close]
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    var sum: UInt16 = 0
    for byte in bytes { sum = (sum << 8) ^ table[Int(UInt8(truncatingIfNeeded: sum >> 8) ^ byte)] }
    return sum
  }

  private static let table: [UInt16] = (0..<256).map { value in
    (0..<8).reduce(UInt16(value) << 8) { sum, _ in sum & 0x8000 != 0 ? (sum << 1) ^ 0x1021 : sum << 1 }
  }
}
