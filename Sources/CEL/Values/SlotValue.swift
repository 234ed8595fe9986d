extension Value {
  /// What `slot` holds; a slot that is missing or failed, or that points outside its frame, reads as null.
  public init(_ slot: Slot, in frame: borrowing Frame) {
    self = Value.read(slot, in: frame, depth: 0) ?? .null
  }

  /// Lists in lists are followed so far; what lies deeper is null.
  private static let depthMax = 32

  /// Nil where `init(_:in:)` gives null for want of a value.
  static func read(_ slot: Slot, in frame: borrowing Frame, depth: Int) -> Value? {
    switch slot.kind {
    case .missing, .failure: return nil
    case .null: return .null
    case .bool: return .bool(slot.payload != 0)
    case .int: return .int(slot.integer)
    case .uint: return .uint(slot.payload)
    case .double: return .double(slot.double)
    case .timestamp: return Timestamp(milliseconds: slot.integer).map { .timestamp($0) }
    case .duration: return Duration(celMilliseconds: slot.integer).map { .duration($0) }
    case .string:
      guard let range = slot.range(within: frame.arena.count) else { return nil }
      return .string(String(decoding: frame.arena[range], as: UTF8.self))
    case .bytes:
      guard let range = slot.range(within: frame.arena.count) else { return nil }
      return .bytes(Array(frame.arena[range]))
    case .list:
      guard depth < depthMax, let range = slot.range(within: frame.slots.count) else { return nil }
      var elements: [Value] = []
      elements.reserveCapacity(range.count)
      for index in range { elements.append(read(frame.slots[index], in: frame, depth: depth + 1) ?? .null) }
      return .list(elements)
    case .value:
      guard slot.payload < UInt64(frame.values.count) else { return nil }
      return frame.values[Int(slot.payload)]
    }
  }
}

extension Slot {
  /// `range`, or nil when it ends behind `count`.
  @inline(__always)
  func range(within count: Int) -> Range<Int>? {
    let end = payload.addingReportingOverflow(UInt64(length))
    guard !end.overflow, end.partialValue <= UInt64(count) else { return nil }
    return Int(payload)..<Int(end.partialValue)
  }
}

extension Frame {
  /// Appends what `value` needs and returns the slot that names it; the slot itself is not put anywhere.
  ///
  /// Timestamps and durations that are no whole number of milliseconds, maps, types, addresses, optionals and lists of such are kept in
  /// `values`.
  public mutating func store(_ value: Value) -> Slot {
    switch value {
    case .null: return Slot(kind: .null)
    case .bool(let bool): return .bool(bool)
    case .int(let number): return .int(number)
    case .uint(let number): return Slot(kind: .uint, payload: number)
    case .double(let number): return .double(number)
    case .string(let text):
      guard text.utf8.count <= UInt32.max else { return keep(value) }
      return store(text)
    case .bytes(let bytes):
      guard bytes.count <= UInt32.max else { return keep(value) }
      let start = arena.count
      arena.append(contentsOf: bytes)
      return Slot(kind: .bytes, length: UInt32(bytes.count), payload: UInt64(start))
    case .timestamp(let timestamp):
      guard timestamp.nanoseconds % 1_000_000 == 0 else { return keep(value) }
      return .timestamp(milliseconds: timestamp.milliseconds)
    case .duration(let duration):
      guard let milliseconds = duration.exactMilliseconds else { return keep(value) }
      return .duration(milliseconds: milliseconds)
    case .list(let elements): return store(elements, as: value)
    case .map, .type, .ip, .cidr, .optional: return keep(value)
    }
  }

  private mutating func keep(_ value: Value) -> Slot {
    values.append(value)
    return Slot(kind: .value, payload: UInt64(values.count - 1))
  }

  /// Lists of plain values become slots side by side, any other list stays whole.
  private mutating func store(_ elements: [Value], as list: Value) -> Slot {
    let isPlain = elements.allSatisfy { element in
      switch element {
      case .list, .map, .type, .ip, .cidr, .optional: false
      default: true
      }
    }
    guard isPlain, elements.count <= UInt32.max else { return keep(list) }
    let stored = elements.map { store($0) }
    let start = slots.count
    slots.append(contentsOf: stored)
    return Slot(kind: .list, length: UInt32(stored.count), payload: UInt64(start))
  }
}
