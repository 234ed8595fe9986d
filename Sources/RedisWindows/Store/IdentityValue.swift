internal import Events
internal import Windows

/// What the key of an event's id holds: one byte of version, one of state (0 claimed, 1 a decision follows, 2 appended
/// and decided elsewhere), the 16 bytes of the content's digest, the decision.
struct IdentityValue {
  private let digest: EventDigest
  private let state: UInt8
  private var decision: [UInt8] = []

  private static let version: UInt8 = 1
  private static let headerBytes = 18

  private init(_ digest: EventDigest, state: UInt8) {
    self.digest = digest
    self.state = state
  }

  /// The value of an id that is claimed.
  static func claimed(_ digest: EventDigest) -> IdentityValue { IdentityValue(digest, state: 0) }

  /// The value of an id whose event was decided so.
  static func decided(_ digest: EventDigest, _ decision: [UInt8]) -> IdentityValue {
    var value = IdentityValue(digest, state: 1)
    value.decision = decision
    return value
  }

  /// The value of an id whose event was taken in with all its records, and whose decision is not known.
  static func appended(_ digest: EventDigest) -> IdentityValue { IdentityValue(digest, state: 2) }

  /// How many bytes it has.
  var byteCount: Int { Self.headerBytes + decision.count }

  /// Writes it as an argument.
  @inline(__always) func write(to writer: inout CommandWriter) {
    writer.header(byteCount)
    writer.number(Self.version)
    writer.number(state)
    writer.number(digest.high)
    writer.number(digest.low)
    writer.bytes(decision.rawBytes)
    writer.endLine()
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

  private static func half(_ value: RawSpan, at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafe value.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  private static func byte(_ value: RawSpan, _ offset: Int) -> UInt8 {
    unsafe value.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}
