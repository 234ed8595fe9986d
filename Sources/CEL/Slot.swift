/// One typed value of a `Frame`: 16 bytes, no reference, no allocation.
///
/// Variable-length values live beside the slots and are named by position: text and bytes are a range of the
/// frame's `arena`, lists are a range of the frame's `slots`, everything else that CEL can hold is an index into
/// the frame's `values`.
@frozen public struct Slot: BitwiseCopyable, Sendable {
  /// What a slot holds and how `payload` and `length` are to be read.
  @frozen public enum Kind: UInt8, Sendable {
    /// Nothing: the event carries no such field, the feature has no value. Unknown to CEL, not zero.
    case missing = 0
    case null
    /// `payload` is 0 or 1.
    case bool
    /// `payload` is the two's complement of an `Int64`.
    case int
    case uint
    /// `payload` is the bit pattern of a `Double`.
    case double
    /// `payload` is the offset and `length` the UTF-8 byte count in `Frame.arena`.
    case string
    /// Like `string`, without a promise about its encoding.
    case bytes
    /// `payload` is milliseconds since 1970-01-01T00:00:00Z as an `Int64`.
    case timestamp
    /// `payload` is milliseconds as an `Int64`.
    case duration
    /// `payload` is the index of the first element in `Frame.slots`, `length` the number of elements.
    case list
    /// `payload` is an index into `Frame.values`.
    case value
    /// The value could not be computed; `payload` is a code of the module that wrote it.
    case failure
  }

  /// Remarks about a value that do not change it; a set of bits.
  @frozen public struct Flags: OptionSet, BitwiseCopyable, Sendable {
    /// One bit for each remark.
    public let rawValue: UInt8
    /// Any set of bits.
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// More records stood in the window than the feature's `limit`.
    @inlinable public static var saturated: Flags { Flags(rawValue: 1) }
    /// Records in the window lack a column that the feature needs.
    @inlinable public static var warming: Flags { Flags(rawValue: 2) }
    /// The entity's log was evicted within the window's reach: the value is missing, not empty.
    @inlinable public static var evicted: Flags { Flags(rawValue: 4) }
    /// The window was kept by panes of time: its oldest pane counts whole.
    @inlinable public static var approximate: Flags { Flags(rawValue: 8) }
    /// The text is none of the members that the schema lists for its enumeration, or a list has such an element.
    @inlinable public static var unlisted: Flags { Flags(rawValue: 128) }
  }

  /// What the slot holds.
  public var kind: Kind
  /// Remarks that do not change the value.
  public var flags: Flags
  /// Bytes of text and bytes, elements of a list; 0 for everything else.
  public var length: UInt32
  /// The value or its position, as `kind` says.
  public var payload: UInt64

  /// A slot of any kind; `kind` says what `length` and `payload` mean.
  @inlinable public init(kind: Kind, flags: Flags = [], length: UInt32 = 0, payload: UInt64 = 0) {
    self.kind = kind
    self.flags = flags
    self.length = length
    self.payload = payload
  }

  /// Nothing.
  @inlinable public static var missing: Slot { Slot(kind: .missing) }
  /// A truth value.
  @inlinable public static func bool(_ value: Bool) -> Slot { Slot(kind: .bool, payload: value ? 1 : 0) }
  /// A signed integer.
  @inlinable public static func int(_ value: Int64) -> Slot {
    Slot(kind: .int, payload: UInt64(bitPattern: value))
  }
  /// A floating-point number.
  @inlinable public static func double(_ value: Double) -> Slot {
    Slot(kind: .double, payload: value.bitPattern)
  }
  /// A moment, in milliseconds since 1970-01-01T00:00:00Z.
  @inlinable public static func timestamp(milliseconds: Int64) -> Slot {
    Slot(kind: .timestamp, payload: UInt64(bitPattern: milliseconds))
  }
  /// A span of time in milliseconds.
  @inlinable public static func duration(milliseconds: Int64) -> Slot {
    Slot(kind: .duration, payload: UInt64(bitPattern: milliseconds))
  }

  /// `payload` as a signed integer: the value of an `int`, the milliseconds of a `timestamp` or `duration`.
  @inlinable public var integer: Int64 { Int64(bitPattern: payload) }
  /// `payload` as a double; meaningful for `.double` only.
  @inlinable public var double: Double { Double(bitPattern: payload) }
  /// Where a `string`'s or `bytes`' contents are in `Frame.arena`, or a `list`'s elements in `Frame.slots`.
  @inlinable public var range: Range<Int> { Int(payload)..<Int(payload) + Int(length) }
}
