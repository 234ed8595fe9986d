/// `application/x-www-form-urlencoded`, read strictly.
enum FormEncoding {
  /// The bytes that `encoded` stands for: `+` is a space, `%` has two hexadecimal digits behind it.
  static func decode(_ encoded: ArraySlice<UInt8>) throws(IngestRefusal) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(encoded.count)
    var position = encoded.startIndex
    while position < encoded.endIndex {
      switch encoded[position] {
      case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard encoded.endIndex - position > 2, let high = Hexadecimal.digit(encoded[position + 1]),
          let low = Hexadecimal.digit(encoded[position + 2])
        else {
          throw IngestRefusal(
            .badEncoding, nil, "byte \(position): a `%` needs two hexadecimal digits behind it")
        }
        decoded.append(high << 4 | low)
        position += 2
      case let byte: decoded.append(byte)
      }
      position += 1
    }
    return decoded
  }

  /// Refuses bytes that no query has: blanks, control characters, `#`, and what is beyond ASCII.
  static func expectQueryBytes(_ raw: [UInt8]) throws(IngestRefusal) {
    for (position, byte) in raw.enumerated()
    where byte <= 0x20 || byte >= 0x7F || byte == UInt8(ascii: "#") {
      throw IngestRefusal(
        .badEncoding, nil, "byte \(position) is one that a query has only percent-encoded",
        hint: "hand the query over as it came, before anything decodes it")
    }
  }
}

/// Hexadecimal digits.
enum Hexadecimal {
  static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Two lower case digits for each byte.
  static func text(of bytes: some Sequence<UInt8>) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}
