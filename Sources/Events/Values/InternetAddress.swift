/// IPv4 and IPv6 addresses as text, read strictly and written in one form (RFC 5952).
///
/// An IPv4-mapped IPv6 address stays IPv6 and is written `::ffff:192.0.2.1`, so that what a proxy rewrote can be
/// told from what it did not. Zones (`%eth0`), brackets, ports and prefix lengths are refused.
package enum InternetAddress {
  /// The canonical form of `text`, nil when it is no address.
  package static func canonical(_ text: String) -> String? {
    var bytes: [UInt8] = []
    let isAddress = append(canonical: Array(text.utf8).span, to: &bytes)
    return isAddress ? String(decoding: bytes, as: UTF8.self) : nil
  }

  typealias Groups = InlineArray<8, UInt16>

  /// Appends the canonical form of `text` to `bytes`, of an IPv6 address that of its first so many bits; false, with
  /// `bytes` unchanged, when `text` is no address.
  static func append(canonical text: Span<UInt8>, ipv6Bits: Int = 128, to bytes: inout [UInt8]) -> Bool {
    // The longest spelling is eight groups of which the last two are an IPv4 address.
    guard text.count >= 2, text.count <= 45 else { return false }
    if let address = fourBytes(text, from: 0) {
      append(fourBytes: address, to: &bytes)
      return true
    }
    guard let groups = sixteenBytes(text) else { return false }
    append(groups: isMapped(groups) ? groups : first(ipv6Bits, of: groups), to: &bytes)
    return true
  }

  private static func first(_ bits: Int, of groups: Groups) -> Groups {
    guard bits < 128 else { return groups }
    var kept = groups
    for index in 0..<8 {
      let zeros = min(16, max(0, (index + 1) * 16 - bits))
      kept[index] = (groups[index] >> zeros) << zeros
    }
    return kept
  }

  /// An IPv4 address as a socket for both families writes it.
  private static func isMapped(_ groups: Groups) -> Bool {
    groups[5] == 0xFFFF && (0..<5).allSatisfy { groups[$0] == 0 }
  }

  /// Four decimal numbers up to 255 without leading zeros, which are all of `text` from `start`.
  private static func fourBytes(_ text: Span<UInt8>, from start: Int) -> UInt32? {
    var address: UInt32 = 0
    var position = start
    for part in 0..<4 {
      if part > 0 {
        guard position < text.count, text[position] == UInt8(ascii: ".") else { return nil }
        position += 1
      }
      let first = position
      var number: UInt32 = 0
      while position < text.count, position - first < 3, text[position] &- UInt8(ascii: "0") < 10 {
        number = number * 10 + UInt32(text[position] - UInt8(ascii: "0"))
        position += 1
      }
      let padded = position - first > 1 && text[first] == UInt8(ascii: "0")
      guard position > first, number < 256, !padded else { return nil }
      address = address << 8 | number
    }
    return position == text.count ? address : nil
  }

  private static func sixteenBytes(_ text: Span<UInt8>) -> Groups? {
    let colon = UInt8(ascii: ":")
    var groups = Groups(repeating: 0)
    var count = 0
    var gap: Int?
    var position = 0
    if text[0] == colon {
      guard text[1] == colon else { return nil }
      gap = 0
      position = 2
    }
    while position < text.count {
      guard count < 8 else { return nil }
      if count <= 6, let address = fourBytes(text, from: position) {
        groups[count] = UInt16(address >> 16)
        groups[count + 1] = UInt16(address & 0xFFFF)
        count += 2
        break
      }
      guard let group = hexadecimal(text, at: &position) else { return nil }
      groups[count] = group
      count += 1
      if position == text.count { break }
      guard text[position] == colon, position + 1 < text.count else { return nil }
      position += 1
      if text[position] == colon {
        guard gap == nil else { return nil }
        gap = count
        position += 1
      }
    }
    guard let gap else { return count == 8 ? groups : nil }
    guard count < 8 else { return nil }
    return spread(groups, count: count, gap: gap)
  }

  /// Moves the groups behind the gap to the end and leaves zeros in it.
  private static func spread(_ groups: Groups, count: Int, gap: Int) -> Groups {
    var result = Groups(repeating: 0)
    for index in 0..<gap { result[index] = groups[index] }
    for index in gap..<count { result[8 - count + index] = groups[index] }
    return result
  }

  private static func hexadecimal(_ text: Span<UInt8>, at position: inout Int) -> UInt16? {
    var number: UInt16 = 0
    let first = position
    while position < text.count, position - first < 4, let digit = hexadecimalDigit(text[position]) {
      number = number << 4 | digit
      position += 1
    }
    return position > first ? number : nil
  }

  private static func hexadecimalDigit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  private static func append(fourBytes address: UInt32, to bytes: inout [UInt8]) {
    for part in 0..<UInt32(4) {
      if part > 0 { bytes.append(UInt8(ascii: ".")) }
      bytes.append(decimal: UInt64(address >> (24 - part * 8) & 0xFF))
    }
  }

  private static func append(groups: Groups, to bytes: inout [UInt8]) {
    if isMapped(groups) {
      bytes.append(contentsOf: "::ffff:".utf8)
      append(fourBytes: UInt32(groups[6]) << 16 | UInt32(groups[7]), to: &bytes)
      return
    }
    let zeros = longestZeros(groups)
    var index = 0
    while index < 8 {
      if index == zeros.lowerBound, !zeros.isEmpty {
        bytes.append(contentsOf: "::".utf8)
        index = zeros.upperBound
        continue
      }
      if index > 0, index != zeros.upperBound || zeros.isEmpty { bytes.append(UInt8(ascii: ":")) }
      append(hexadecimal: groups[index], to: &bytes)
      index += 1
    }
  }

  /// The longest run of at least two zero groups, the first of several; empty when there is none.
  private static func longestZeros(_ groups: Groups) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for index in 0..<8 {
      guard groups[index] == 0 else {
        start = index + 1
        continue
      }
      let length = index + 1 - start
      if length >= 2, length > best.count { best = start..<index + 1 }
    }
    return best
  }

  private static func append(hexadecimal number: UInt16, to bytes: inout [UInt8]) {
    var shift = 12
    while shift > 0, number >> shift == 0 { shift -= 4 }
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: number >> shift & 0xF)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      shift -= 4
    }
  }
}
