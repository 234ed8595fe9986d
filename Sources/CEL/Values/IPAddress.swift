/// An address of the Internet Protocol: 128 bits, of which an IPv4 address fills the last 32 behind `::ffff:0:0/96`.
///
/// So an IPv4 address and the IPv6 address that maps it are one and the same, as the conformance suite wants it.
public struct IPAddress: Hashable, Sendable {
  /// The first 64 bits.
  public let high: UInt64
  /// The last 64 bits.
  public let low: UInt64

  /// The address of these 128 bits.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// An IPv4 address of 32 bits, the first octet in the highest ones.
  public init(v4 bits: UInt32) {
    self.init(high: 0, low: IPAddress.mappedPrefix | UInt64(bits))
  }

  /// Bits 64 to 95 of `::ffff:0:0/96`.
  private static let mappedPrefix: UInt64 = 0xFFFF_0000_0000

  /// The 32 bits of an IPv4 address, nil for IPv6.
  public var v4: UInt32? {
    high == 0 && low >> 32 == 0xFFFF ? UInt32(truncatingIfNeeded: low) : nil
  }

  /// 4 or 6.
  public var family: Int { v4 == nil ? 6 : 4 }

  /// Whether all bits are 0: `0.0.0.0` or `::`.
  public var isUnspecified: Bool { v4.map { $0 == 0 } ?? (high == 0 && low == 0) }

  /// Within `127.0.0.0/8`, or `::1`.
  public var isLoopback: Bool { v4.map { $0 >> 24 == 127 } ?? (high == 0 && low == 1) }

  /// Within `224.0.0.0/4` or `ff00::/8`.
  public var isMulticast: Bool { v4.map { $0 >> 28 == 0xE } ?? (high >> 56 == 0xFF) }

  /// Within `224.0.0.0/24`, or multicast with the scope of the link.
  public var isLinkLocalMulticast: Bool {
    v4.map { $0 >> 8 == 0xE0_0000 } ?? (high >> 56 == 0xFF && high >> 48 & 0xF == 2)
  }

  /// Within `169.254.0.0/16` or `fe80::/10`.
  public var isLinkLocalUnicast: Bool { v4.map { $0 >> 16 == 0xA9FE } ?? (high >> 54 == 0x3FA) }

  /// Any that names one host beyond the link, private ones included: not unspecified, loopback, multicast, link-local or
  /// the broadcast address.
  public var isGlobalUnicast: Bool {
    !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast && v4 != .max
  }
}

/// A range of addresses as CIDR writes it, `10.0.0.0/8`: an address and the number of leading bits that count. The address
/// is kept as it was written, `10.1.2.3/8` included.
public struct CIDRRange: Hashable, Sendable {
  /// As it was written.
  public let address: IPAddress
  /// 0 to 32 for IPv4, 0 to 128 for IPv6.
  public let prefixLength: Int

  /// Returns nil when the family of `address` does not have so many bits.
  public init?(address: IPAddress, prefixLength: Int) {
    guard 0...(address.family == 4 ? 32 : 128) ~= prefixLength else { return nil }
    self.address = address
    self.prefixLength = prefixLength
  }

  /// The same range with its lowest address.
  public var masked: CIDRRange { CIDRRange(lowest, prefixLength) }

  private init(_ address: IPAddress, _ prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Leading bits of 128 that count.
  private var bits: Int { address.family == 4 ? prefixLength + 96 : prefixLength }

  private var lowest: IPAddress {
    IPAddress(high: address.high & Self.mask(bits), low: address.low & Self.mask(bits - 64))
  }

  /// The first `count` of 64 bits; all of them beyond 64, none below 0.
  private static func mask(_ count: Int) -> UInt64 {
    count <= 0 ? 0 : count >= 64 ? .max : ~(UInt64.max >> UInt64(count))
  }

  /// Whether the address is one of the range. An IPv4 address is in no range of IPv6, not even `::/0`.
  public func contains(_ other: IPAddress) -> Bool {
    guard other.family == address.family else { return false }
    let differing = (high: other.high ^ address.high, low: other.low ^ address.low)
    return differing.high & Self.mask(bits) == 0 && differing.low & Self.mask(bits - 64) == 0
  }

  /// Whether every address of `other` is one of this range.
  public func contains(_ other: CIDRRange) -> Bool {
    prefixLength <= other.prefixLength && contains(other.address)
  }
}
