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
    write(digest, decision: decision, into: &value)
    return value
  }

  /// The same, in the place of what `value` holds.
  static func write(_ digest: EventDigest, decision: [UInt8]? = nil, into value: inout [UInt8]) {
    value.removeAll(keepingCapacity: true)
    value.append(version)
    value.append(decision == nil ? 0 : 1)
    append(digest.high, to: &value)
    append(digest.low, to: &value)
    if let decision { value.append(contentsOf: decision) }
  }

  private static func append(_ half: UInt64, to value: inout [UInt8]) {
    unsafe withUnsafeBytes(of: half.littleEndian) { unsafe value.append(contentsOf: $0) }
  }

  private static func half(_ value: RawSpan, at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafe value.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
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
    guard half(value, at: 2) == digest.high, half(value, at: 10) == digest.low else { return .conflict }
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
