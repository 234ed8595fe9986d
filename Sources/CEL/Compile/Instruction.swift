/// One step of a flat program: 32 bytes without references, so that running it counts none.
///
/// A step is either a test, which goes on at one of three places, or it writes a register and goes on at `holds`;
/// the first step of an entry is place 0, and places from `terminals` on are ends.
/// Wherever a missing slot is met it goes on at `missing`; what it cannot decide ends the run as `open`.
struct Instruction: BitwiseCopyable, Hashable, Sendable {
  enum Kind: UInt8, Sendable {
    /// A bool in the slot `first`.
    case flag
    /// Whether the slot `first` has a value.
    case presence
    /// The slot `first` against the int in `literal`.
    case intEqual, intLess, intGreater
    /// The slot `first` against the double in `literal`.
    case doubleEqual, doubleLess, doubleLessOrEqual, doubleGreater, doubleGreaterOrEqual
    /// A timestamp or a duration, as the kind in `second` says, against the milliseconds in `literal`.
    case moment
    /// The slot `first` against the text of `length` bytes at `extra` whose key is `literal`.
    case text
    /// The slot `first` against the `length` texts from `extra` on in the table of short texts.
    case fewTexts
    /// The slot `first` against the `length` numbers from `extra` on in the table of numbers.
    case fewNumbers
    /// The slot `first` in the set `extra`.
    case set
    /// The text of `length` bytes at `extra` in the list of the slot `first`.
    case textInList
    /// The slot `first` against the slot `second`.
    case slots
    /// The double in the slot `first` against the one in the slot `second` times the double in `literal`.
    case scaled

    /// The slot `first` into the register `result`.
    case load
    /// A constant of the kind `detail`; `literal` is its value, of text its place.
    case constant
    /// The registers `first` and `second` by the `Arithmetic` operator in `detail`.
    case arithmetic
    case negate, toInt, toUint, toDouble, size
    /// The part `detail` of a timestamp, `literal` seconds east of UTC, or of a duration.
    case timePart

    /// The registers `first` and `second` by the `Comparison` in `detail`.
    case compare
    case startsWith, endsWith, contains
    /// The register `first` in the set `extra`.
    case registerInSet
    /// The register `first` against the pattern `extra`.
    case matches
    /// What the tree walker says of the node `literal` of the plan `extra`.
    case ask
    /// Goes on where the test whose answer is kept as `memo` went; the next step when it was not asked yet.
    case recall
    /// Ends the run: the first register is the value.
    case yield
    /// Leaves the whole to the tree walker.
    case leave
  }

  var kind: Kind
  /// A comparison, an operator or a kind of slot; see `swapped`.
  var detail: UInt8 = 0
  var first: UInt16 = 0
  var second: UInt16 = 0
  var result: UInt16 = 0
  var holds: UInt16 = 0
  var fails: UInt16 = 0
  var missing: UInt16 = 0
  /// Where the answer is kept for other conditions of the same frame; 0 where it is not.
  var memo: UInt16 = 0
  var length: UInt32 = 0
  var extra: UInt32 = 0
  var literal: UInt64 = 0

  init(_ kind: Kind, first: UInt16 = 0, second: UInt16 = 0, result: UInt16 = 0, literal: UInt64 = 0) {
    self.kind = kind
    self.first = first
    self.second = second
    self.result = result
    self.literal = literal
  }

  /// A bit of `detail`: the test asks for the opposite of its comparison, `holds` and `fails` being exchanged, which
  /// is the same for two values of the test's own kind only.
  static let swapped: UInt8 = 0x80

  /// Places behind every step: a run that is sent there has ended.
  static let terminals: UInt16 = 0xFFF8

  static func terminal(_ truth: Truth) -> UInt16 { terminals | UInt16(truth.rawValue) }

  /// What it costs beside a comparison of two numbers, roughly; for the order of tests only.
  var cost: Int {
    switch kind {
    case .flag, .presence, .intEqual, .intLess, .intGreater, .doubleEqual, .doubleLess, .doubleLessOrEqual,
      .doubleGreater, .doubleGreaterOrEqual, .moment, .constant, .load, .arithmetic, .negate, .toInt, .toUint,
      .toDouble, .compare, .recall, .yield, .leave:
      1
    case .text, .fewNumbers: 2
    case .slots, .scaled, .fewTexts: 3
    case .set, .registerInSet: 5
    case .startsWith, .endsWith: 4
    case .timePart: 6
    case .size, .contains, .textInList: 12
    case .matches: 100
    case .ask: 1_000
    }
  }
}

/// What a run of a flat program comes to.
enum Truth: UInt8, Sendable {
  case fails, holds
  /// Unknown for no other reason than missing slots.
  case missing
  /// Ask the tree walker, which also tells why there is no answer.
  case open
  /// The first register holds the value.
  case value
  /// Fails, of a condition whose failures are told too.
  case toldFails

  @inline(__always)
  init(_ holds: Bool) { self = holds ? .holds : .fails }
}

/// The operators of numbers, times and spans that a flat program knows.
enum ArithmeticOperator: UInt8, Sendable {
  case add, subtract, multiply, divide, modulo

  init?(_ function: BinaryFunction) {
    switch function {
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .divide: self = .divide
    case .modulo: self = .modulo
    default: return nil
    }
  }
}

/// A value in a register: like a slot, but text and bytes are named by their address.
struct Operand: BitwiseCopyable, Sendable {
  var kind: Slot.Kind
  var length: UInt32 = 0
  var payload: UInt64

  @inline(__always) var integer: Int64 { Int64(bitPattern: payload) }
  @inline(__always) var double: Double { Double(bitPattern: payload) }

  /// The bytes of text; the run's frame and program keep them alive.
  @inline(__always) var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: UnsafePointer(bitPattern: UInt(truncatingIfNeeded: payload)), count: Int(length))
  }

  @inline(__always)
  static func bool(_ value: Bool) -> Operand { Operand(kind: .bool, payload: value ? 1 : 0) }
  @inline(__always)
  static func int(_ value: Int64) -> Operand { Operand(kind: .int, payload: UInt64(bitPattern: value)) }
  @inline(__always)
  static func double(_ value: Double) -> Operand { Operand(kind: .double, payload: value.bitPattern) }
}
