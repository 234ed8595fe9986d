/// How large a value can be, whatever it is: the greatest measures over all values that a node may have.
struct ValueSize: Hashable, Sendable {
  struct Kinds: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    /// Everything that has no size: numbers, bools, moments, spans, types, null.
    static let scalar = Kinds(rawValue: 1)
    /// Text and bytes.
    static let text = Kinds(rawValue: 2)
    static let list = Kinds(rawValue: 4)
    static let map = Kinds(rawValue: 8)
    static let optional = Kinds(rawValue: 16)
    static let any: Kinds = [.scalar, .text, .list, .map, .optional]
  }

  var kinds: Kinds
  /// Of text or bytes.
  var bytes: StepCount = 0
  /// Elements of a list, entries of a map.
  var count: StepCount = 0
  /// Of a map's text keys.
  var keyBytes: StepCount = 0
  /// That of a list's elements, a map's values and an optional's value; nil stands for anything. In an array, which a value type may hold of
  /// its own kind.
  private var contained: [ValueSize] = []

  /// No value at all, such as the element of an empty list.
  static let nothing = ValueSize(kinds: Kinds())
  static let scalar = ValueSize(kinds: .scalar)
  static let anything = ValueSize(
    kinds: .any, bytes: .unbounded, count: .unbounded, keyBytes: .unbounded)
  static func text(_ bytes: StepCount) -> ValueSize { ValueSize(kinds: .text, bytes: bytes) }

  static func list(_ count: StepCount, of element: ValueSize) -> ValueSize {
    ValueSize(kinds: .list, count: count, contained: [element])
  }

  static func map(_ count: StepCount, keyBytes: StepCount, values: ValueSize) -> ValueSize {
    ValueSize(kinds: .map, count: count, keyBytes: keyBytes, contained: [values])
  }

  static func optional(_ inner: ValueSize) -> ValueSize { ValueSize(kinds: .optional, contained: [inner]) }

  /// The size of a list's element, a map's value, what an optional value holds.
  var element: ValueSize { contained.first ?? (count == 0 ? .scalar : .anything) }

  /// The size of a field or an element; those of an optional are those of what it holds.
  var selected: ValueSize { kinds.contains(.optional) ? element.joined(with: element.element) : element }

  /// The size of a macro's first variable where there is a second one for the value: positions and keys.
  var position: ValueSize {
    kinds.contains(.map) ? ValueSize(kinds: [.scalar, .text], bytes: keyBytes) : .scalar
  }

  /// The size of what a macro goes through: a list's elements, a map's keys.
  var member: ValueSize {
    let keys = ValueSize(kinds: [.scalar, .text], bytes: keyBytes)
    if !kinds.contains(.map) { return element }
    return kinds.contains(.list) ? element.joined(with: keys) : keys
  }

  /// The size of values of which each may be one or the other.
  func joined(with other: ValueSize) -> ValueSize {
    var joined = ValueSize(
      kinds: kinds.union(other.kinds), bytes: max(bytes, other.bytes), count: max(count, other.count),
      keyBytes: max(keyBytes, other.keyBytes))
    switch (contained.first, other.contained.first) {
    case (let own?, let others?): joined.contained = [own.joined(with: others)]
    case (let own?, nil) where other.count == 0: joined.contained = [own]
    case (nil, let others?) where count == 0: joined.contained = [others]
    default: break
    }
    return joined
  }

  /// The steps of `==` with this value on the left, whatever stands on the right.
  var comparisonSteps: StepCount {
    var steps: StepCount = 0
    if kinds.contains(.text) { steps = bytes >> 4 }
    if kinds.contains(.optional), count != .unbounded { steps = max(steps, 1 + element.comparisonSteps) }
    if !kinds.isDisjoint(with: [.list, .map]) {
      // Also where the element may be anything, which has elements of its own.
      if count == .unbounded { return .unbounded }
      steps = max(steps, count + (count == 0 ? 0 : count * element.comparisonSteps))
    }
    return steps
  }
}

extension ValueSize {
  /// That of a constant.
  init(_ value: Value) {
    switch value {
    case .string(let text): self = .text(StepCount(text.utf8.count))
    case .bytes(let bytes): self = .text(StepCount(bytes.count))
    case .list(let members): self = .list(StepCount(members.count), of: ValueSize.joining(members))
    case .map(let map):
      let keys = ValueSize.joining(map.entries.map(\.key))
      self = .map(
        StepCount(map.entries.count), keyBytes: keys.bytes,
        values: ValueSize.joining(map.entries.map(\.value)))
    case .optional(let inner): self = .optional(inner.map { ValueSize($0) } ?? .nothing)
    default: self = .scalar
    }
  }

  private static func joining(_ values: [Value]) -> ValueSize {
    var joined = ValueSize.nothing
    for value in values { joined = joined.joined(with: ValueSize(value)) }
    return joined
  }

  /// That of a variable.
  init(_ type: CELType, _ extent: InputSizes.Extent) {
    let bytes = extent.textBytesMax.map { StepCount($0) } ?? .unbounded
    let count = extent.elementsMax.map { StepCount($0) } ?? .unbounded
    switch type {
    case .string, .enumeration, .bytes: self = .text(bytes)
    case .list(let element): self = .list(count, of: ValueSize(element, extent))
    case .map(_, let value): self = .map(count, keyBytes: bytes, values: ValueSize(value, extent))
    // Reported already.
    case .error: self = .nothing
    case .optional(let inner): self = .optional(ValueSize(inner, extent))
    case .null, .bool, .int, .uint, .double, .timestamp, .duration, .type, .ip, .cidr: self = .scalar
    default: self = .anything
    }
  }
}
