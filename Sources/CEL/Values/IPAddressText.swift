extension IPAddress {
  /// Reads `192.0.2.1` or RFC 4291 text such as `2001:db8::1`.
  ///
  /// Strict: four decimal octets without leading zeros, or eight groups of one to four hexadecimal digits of which one run
  /// may be `::`. There is no zone, and an IPv4 address behind `::ffff:` is written with points only where
  /// `acceptsMapped` says so. Returns nil for anything else.
  public init?(_ text: String, acceptsMapped: Bool = false) {
    let bytes = Array(text.utf8.prefix(IPAddressText.bytesMax + 1))
    self.init(bytes[...], acceptsMapped)
  }

  fileprivate init?(_ bytes: ArraySlice<UInt8>, _ acceptsMapped: Bool) {
    guard bytes.count <= IPAddressText.bytesMax else { return nil }
    if !bytes.contains(UInt8(ascii: ":")) {
      guard let bits = IPAddressText.octets(bytes) else { return nil }
      self.init(v4: bits)
      return
    }
    guard let (high, low, hasPoints) = IPAddressText.groups(bytes) else { return nil }
    self.init(high: high, low: low)
    if hasPoints, v4 != nil, !acceptsMapped { return nil }
  }

  /// As RFC 5952 writes it: without leading zeros, in lower case, the longest run of two or more zero groups as `::`.
  public var text: String {
    if let v4 { return [24, 16, 8, 0].map { String(v4 >> $0 & 0xFF) }.joined(separator: ".") }
    let groups = (0..<8).map { index in
      UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64((3 - index % 4) * 16))
    }
    guard let run = IPAddressText.longestZeroRun(groups) else { return IPAddressText.joined(groups[...]) }
    return IPAddressText.joined(groups[..<run.lowerBound]) + "::"
      + IPAddressText.joined(groups[run.upperBound...])
  }
}

extension CIDRRange {
  /// Reads an address, a slash and the number of bits without leading zeros; nil for anything else.
  public init?(_ text: String, acceptsMapped: Bool = false) {
    let bytes = Array(text.utf8.prefix(IPAddressText.bytesMax + 5))
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")),
      let address = IPAddress(bytes[..<slash], acceptsMapped),
      var length = IPAddressText.number(bytes[(slash + 1)...], max: 128)
    else { return nil }
    // A mapped IPv4 address counts its bits from the front of all 128.
    if address.family == 4, bytes.contains(UInt8(ascii: ":")) { length -= 96 }
    self.init(address: address, prefixLength: length)
  }

  /// As it is written: `10.0.0.0/8`.
  public var text: String { "\(address.text)/\(prefixLength)" }
}

/// The pieces of an address's text.
enum IPAddressText {
  /// No address is longer: six groups of four digits and an IPv4 address.
  static let bytesMax = 45

  /// A decimal number without sign and leading zeros, or nil.
  static func number(_ digits: ArraySlice<UInt8>, max: Int) -> Int? {
    guard let first = digits.first, digits.count <= 3, first != UInt8(ascii: "0") || digits.count == 1 else {
      return nil
    }
    var result = 0
    for byte in digits {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      result = result * 10 + Int(digit)
    }
    return result <= max ? result : nil
  }

  /// The 32 bits of `192.0.2.1`.
  static func octets(_ bytes: ArraySlice<UInt8>) -> UInt32? {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard let octet = number(part, max: 255) else { return nil }
      bits = bits << 8 | UInt32(octet)
    }
    return bits
  }

  /// The 128 bits of text with colons, and whether its end was written with points.
  static func groups(_ bytes: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64, hasPoints: Bool)? {
    let colon = UInt8(ascii: ":")
    var halves: [[UInt16]] = []
    var rest = bytes
    var hasPoints = false
    if let gap = bytes.indices.dropLast().first(where: { bytes[$0] == colon && bytes[$0 + 1] == colon }) {
      guard let front = list(bytes[..<gap], mayEndInOctets: false, &hasPoints) else { return nil }
      halves.append(front)
      rest = bytes[(gap + 2)...]
    }
    guard let back = list(rest, mayEndInOctets: true, &hasPoints) else { return nil }
    halves.append(back)
    let written = halves.reduce(0) { $0 + $1.count }
    // `::` stands for at least one group.
    guard halves.count == 1 ? written == 8 : written < 8 else { return nil }
    let all = halves[0] + [UInt16](repeating: 0, count: 8 - written) + halves.dropFirst().joined()
    func word(_ groups: ArraySlice<UInt16>) -> UInt64 { groups.reduce(0) { $0 << 16 | UInt64($1) } }
    return (word(all[..<4]), word(all[4...]), hasPoints)
  }

  /// Groups between single colons; none in empty text.
  private static func list(
    _ bytes: ArraySlice<UInt8>, mayEndInOctets: Bool, _ hasPoints: inout Bool
  ) -> [UInt16]? {
    if bytes.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if mayEndInOctets, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
        guard let bits = octets(part) else { return nil }
        groups += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
        hasPoints = true
      } else {
        guard let group = group(part) else { return nil }
        groups.append(group)
      }
    }
    return groups
  }

  private static func group(_ digits: ArraySlice<UInt8>) -> UInt16? {
    guard 1...4 ~= digits.count else { return nil }
    var result: UInt16 = 0
    for byte in digits {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      result = result << 4 | UInt16(value)
    }
    return result
  }

  /// The first of the longest runs of two or more zeros.
  static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
    var longest: Range<Int>?
    var start = 0
    while start < groups.count {
      var end = start
      while end < groups.count, groups[end] == 0 { end += 1 }
      if end - start >= 2, end - start > longest?.count ?? 0 { longest = start..<end }
      start = max(end, start + 1)
    }
    return longest
  }

  static func joined(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }
}
