public import CEL

/// One attempt at something, decoded: identity, time, and the fields that the schema declares.
public struct Event: Sendable {
  /// The slots of the schema's fields first; what an engine adds follows.
  public var frame: Frame
  /// The event's id: a text slot of `frame.arena`, never missing, 1 to `EventLimits.idBytesMax` bytes.
  public var id: Slot
  /// Index into `Schema.types`.
  public var type: Int
  /// Event time in milliseconds since 1970-01-01T00:00:00Z, within the years 1 to 9999.
  public var time: Int64
  /// The id of the event that this one takes back, or `.missing`.
  public var reverses: Slot
  /// The id of the event whose columns this one changes, or `.missing`.
  public var amends: Slot
  /// What two deliveries of the same event have in common: its type, its time and every declared field but the volatile
  /// ones, or its type and what it states itself (`"content_digest": "…"`).
  public var digest: EventDigest
  /// Evaluate only: nothing is appended or remembered (`"dry_run": true`).
  public var dryRun: Bool

  /// An event whose slots point into `frame`.
  public init(
    frame: Frame, id: Slot, type: Int, time: Int64, reverses: Slot = .missing, amends: Slot = .missing,
    digest: EventDigest, dryRun: Bool = false
  ) {
    self.frame = frame
    self.id = id
    self.type = type
    self.time = time
    self.reverses = reverses
    self.amends = amends
    self.digest = digest
    self.dryRun = dryRun
  }
}

/// 128 bits of XXH3 over the canonical form of an event's content. Equal content has equal digests in every process.
@frozen public struct EventDigest: Hashable, BitwiseCopyable, Sendable {
  /// The upper 64 bits.
  public let high: UInt64
  /// The lower 64 bits.
  public let low: UInt64

  /// A digest that was computed or kept before.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

/// The limits of one event; each has its own `DecodeError`.
public enum EventLimits {
  /// UTF-8 bytes of JSON.
  public static let bytesMax = 1_048_576
  /// Nested objects and arrays, those in undeclared fields included.
  public static let depthMax = 64
  /// UTF-8 bytes of an event's id.
  public static let idBytesMax = 128
  /// UTF-8 bytes of one declared text field.
  public static let textBytesMax = 16_384
  /// Elements of one declared list.
  public static let listElementsMax = 1_024
}
