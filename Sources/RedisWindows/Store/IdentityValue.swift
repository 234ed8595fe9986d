internal import Events
internal import Windows

/// What the key of an event's id holds: one byte of version, one of state (0 claimed, 1 a decision follows, 2 appended
/// and decided elsewhere), the 16 bytes of the content's digest, the decision.
enum IdentityValue {
  private static let version: UInt8 = 1
  private static let headerBytes = 18

  /// The value of an id that is claimed, or decided.
  static func bytes(_ digest: EventDigest, decision: [UInt8]? = nil) -> [UInt8] {
    var value: [UInt8] = []
    value.reserveCapacity(headerBytes + (decision?.count ?? 0))
    value.append(version)
    value.append(decision == nil ? 0 : 1)
    for half in [digest.high, digest.low] {
      for shift in stride(from: 0, to: 64, by: 8) { value.append(UInt8(truncatingIfNeeded: half >> shift)) }
    }
    if let decision { value.append(contentsOf: decision) }
    return value
  }

  /// The value of an id whose event was taken in with all its records, and whose decision is not known.
  static func appended(_ digest: EventDigest) -> [UInt8] {
    var value = bytes(digest)
    value[1] = 2
    return value
  }

  /// Whether a value of ours says that the event's records are in its logs; a mere claim does not tell.
  static func isAppended(_ value: RawSpan) -> Bool { value.byteCount >= headerBytes && byte(value, 1) != 0 }

  /// What a stored value says of an event with `digest`; nil when it is none of ours.
  static func prior(_ value: RawSpan, digest: EventDigest) -> Prior? {
    guard value.byteCount >= headerBytes, byte(value, 0) == version else { return nil }
    let expected = bytes(digest)
    for index in 2..<headerBytes where byte(value, index) != expected[index] { return .conflict }
    guard byte(value, 1) == 1 else { return .attempted }
    var decision: [UInt8] = []
    unsafe value.extracting(droppingFirst: headerBytes).withUnsafeBytes {
      unsafe decision.append(contentsOf: $0)
    }
    return .decided(decision)
  }

  private static func byte(_ value: RawSpan, _ offset: Int) -> UInt8 {
    unsafe value.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}
