import CEL
import TestSupport

/// Generated expressions over the whole grammar that the compiler knows, and frames for them.
///
/// Types mostly fit, since what does not fit ends at the first test; each frame has missing slots, slots of other types
/// than declared, and values at the bounds.
struct CompiledExpressions {
  var random: SeededGenerator

  static let variables: [(name: String, type: CELType)] = [
    ("i", .int), ("j", .int), ("u", .uint), ("d", .double), ("e", .double), ("s", .string), ("t", .string),
    ("b", .bool), ("c", .bool), ("m", .timestamp), ("n", .timestamp), ("p", .duration), ("q", .list(.string)),
    ("l", .list(.int)), ("user.id", .string), ("z", .dyn),
  ]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }

  private mutating func chance(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

  private mutating func type() -> CELType {
    pick([.int, .int, .double, .double, .string, .string, .uint, .bool, .timestamp, .duration])
  }

  /// An expression of any type.
  mutating func expression(depth: Int) -> String {
    chance(3) ? value(type(), depth: depth) : condition(depth: depth)
  }

  mutating func condition(depth: Int) -> String {
    guard depth > 0 else { return leaf() }
    func next(_ source: inout Self) -> String { source.condition(depth: depth - 1) }
    switch Int.random(in: 0..<12, using: &random) {
    case 0..<3: return "(\(next(&self)) && \(next(&self)))"
    case 3..<6: return "(\(next(&self)) || \(next(&self)))"
    case 6: return "!(\(next(&self)))"
    case 7: return "(\(next(&self)) ? \(next(&self)) : \(next(&self)))"
    case 8: return "(\(next(&self))) == (\(next(&self)))"
    case 9: return "(\(next(&self)) && \(leaf()) && \(leaf()))"
    default: return leaf(depth: depth - 1)
    }
  }

  private mutating func leaf(depth: Int = 0) -> String {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<9:
      let type = type()
      let other = chance(8) ? self.type() : type
      let comparison = pick(["==", "!=", "<", "<=", ">", ">="])
      return "\(value(type, depth: depth)) \(comparison) \(value(other, depth: depth))"
    case 9: return pick(["b", "c", "z", "true", "false", "has(user.id)", "has(user.id)"])
    case 10: return "\(value(.string, depth: depth)) in \(texts())"
    case 11: return "\(value(chance(4) ? .double : .int, depth: depth)) in \(numbers())"
    case 12: return "\(pick(["'a'", "'bcd'", "''", "s"])) in q"
    case 13, 14:
      let method = pick(["contains", "startsWith", "endsWith"])
      return "\(value(.string, depth: depth)).\(method)(\(value(.string, depth: 0)))"
    case 15: return "\(value(.string, depth: 0)).matches('\(pick(["a+", "^b", "x|y", ".", "^$"]))')"
    case 16: return pick(["l.exists(x, x > i)", "l.all(x, x != 0)", "q.exists(x, x == s)", "{'a': b}.a"])
    case 17:
      return "\(pick(["i", "d", "u", "s", "b", "m", "p", "q", "z", "null"])) \(pick(["==", "!=", "<"])) null"
    case 18: return pick(["1 / i > 0", "i % j == 1", "1 / 0 > 0", "i", "null", "nosuch == 1"])
    default:
      return "\(pick(["s", "user.id", "z"])) \(pick(["==", "!="])) \(pick(["'a'", "'payout.requested'"]))"
    }
  }

  private mutating func texts() -> String {
    pick([
      "['a', 'b', '']", "['payout.requested']", "['a', 'payout.requested', 'bcdefghi', 'x']", "q", "[]",
      "members",
      "['0', '1', '2', '3', '4', '5', '6', '7', 'a']", "['a', 1, null]",
    ])
  }

  private mutating func numbers() -> String {
    pick([
      "[0, 1, 3]", "[9223372036854775807, -1]", "[0, 1.5, 2u]", "l", "[]", "[0.0, 3.0, 1.5]", "['a', 0]",
      "[10, 11, 12, 13, 14, 15, 16, 17, 3]", "[0, 1, 2, 3, 4, 5, 6, 7, 8.5, 9223372036854775808.0]",
    ])
  }

  mutating func value(_ type: CELType, depth: Int) -> String {
    guard depth > 0, !chance(3) else { return atom(type) }
    if chance(6) {
      return "(\(condition(depth: 0)) ? \(value(type, depth: depth - 1)) : \(value(type, depth: depth - 1)))"
    }
    func next(_ source: inout Self, _ type: CELType) -> String { source.value(type, depth: depth - 1) }
    switch type {
    case .int:
      switch Int.random(in: 0..<9, using: &random) {
      case 0: return "size(\(next(&self, .string)))"
      case 1: return "\(pick(["q", "l"])).size()"
      case 2: return "int(\(next(&self, pick([.double, .uint, .int, .timestamp]))))"
      case 3: return "-\(next(&self, .int))"
      case 4: return part(next(&self, .timestamp), zones: true)
      case 5: return part(next(&self, .duration), zones: chance(4))
      default: return "(\(next(&self, .int)) \(pick(["+", "-", "*", "/", "%"])) \(next(&self, .int)))"
      }
    case .uint:
      if chance(3) { return "uint(\(next(&self, pick([.double, .uint, .int]))))" }
      return "(\(next(&self, .uint)) \(pick(["+", "-", "*", "/", "%"])) \(next(&self, .uint)))"
    case .double:
      if chance(3) { return "double(\(next(&self, pick([.double, .uint, .int, .string]))))" }
      if chance(6) { return "-\(next(&self, .double))" }
      return "(\(next(&self, .double)) \(pick(["+", "-", "*", "/"])) \(next(&self, .double)))"
    case .bool: return "(\(condition(depth: depth - 1)))"
    case .timestamp: return "(\(next(&self, .timestamp)) \(pick(["+", "-"])) \(next(&self, .duration)))"
    case .duration:
      if chance(3) { return "(\(next(&self, .timestamp)) - \(next(&self, .timestamp)))" }
      return "(\(next(&self, .duration)) \(pick(["+", "-"])) \(next(&self, .duration)))"
    case .string: return chance(3) ? "(\(next(&self, .string)) + \(next(&self, .string)))" : atom(type)
    default: return atom(type)
    }
  }

  private mutating func part(_ operand: String, zones: Bool) -> String {
    let part = pick([
      "getFullYear", "getMonth", "getDayOfYear", "getDayOfMonth", "getDate", "getDayOfWeek", "getHours",
      "getMinutes", "getSeconds", "getMilliseconds",
    ])
    let zone = zones ? pick(["", "", "'UTC'", "'+02:00'", "'-09:30'", "'nowhere'"]) : ""
    return "\(operand).\(part)(\(zone))"
  }

  private mutating func atom(_ type: CELType) -> String {
    if chance(30) { return "z" }
    let names = CompiledExpressions.variables.filter { $0.type == type }.map(\.name)
    if !names.isEmpty, !chance(3) { return pick(names) }
    return switch type {
    case .int: pick(["0", "1", "3", "-1", "7", "100", "9223372036854775807", "-9223372036854775808"])
    case .uint: pick(["0u", "1u", "3u", "18446744073709551615u", "9223372036854775808u"])
    case .double: pick(["0.0", "-0.0", "1.5", "3.0", "9223372036854775808.0", "1e308", "0.1", "-1e-300"])
    case .bool: pick(["true", "false"])
    case .timestamp:
      pick([
        "timestamp('2024-05-01T10:00:00Z')", "timestamp('9999-12-31T23:59:59.999Z')",
        "timestamp('0001-01-01T00:00:00Z')", "timestamp('2024-05-01T10:00:00.000000001Z')", "timestamp(0)",
      ])
    case .duration:
      pick(["duration('5s')", "duration('-1500ms')", "duration('1ns')", "duration('315576000000s')"])
    default: pick(["'a'", "''", "'bcd'", "'payout.requested'", "'payout.requesteD'", "'é'", "'a' + 'b'"])
    }
  }

  /// Values for the variables: now and then none, or one of another type.
  mutating func values() -> [Value?] {
    CompiledExpressions.variables.map { variable in
      if chance(6) { return nil }
      return value(of: chance(12) || variable.type == .dyn ? type() : variable.type)
    }
  }

  private mutating func value(of type: CELType) -> Value {
    switch type {
    case .bool: return .bool(Bool.random(using: &random))
    case .int: return .int(pick([0, 1, 3, 3, -1, 7, 100, .max, .min, .max - 1]))
    case .uint: return .uint(pick([0, 1, 3, .max, 1 << 63]))
    case .double:
      return .double(pick([0, 3, 1.5, -0.0, .nan, .infinity, 0x1p63, -0x1p63, 0x1p64, 0.1, 1e300, 100]))
    case .timestamp:
      let milliseconds: [Int64] = [
        0, 1_714_557_600_000, 253_402_300_799_999, -62_135_596_800_000, -1, 1_714_557_600_001,
      ]
      if chance(8), let precise = Timestamp(seconds: 1_714_557_600, nanoseconds: 1) {
        return .timestamp(precise)
      }
      return Timestamp(milliseconds: pick(milliseconds)).map { .timestamp($0) } ?? .null
    case .duration:
      return .duration(
        pick([
          .seconds(5), .milliseconds(-1_500), .zero, .seconds(315_576_000_000), .nanoseconds(1),
          .milliseconds(999),
        ]))
    case .list(.string):
      return .list(
        pick([[], [.string("a")], [.string("b"), .string("bcd"), .string("")], [.int(1), .string("a")]]))
    case .list: return .list(pick([[], [.int(0)], [.int(1), .int(3)], [.double(3), .int(7)]]))
    default:
      if chance(20) { return pick([.null, .bytes([97]), .map(MapValue(entries: []))]) }
      return .string(
        pick([
          "a", "", "bcd", "payout.requested", "payout.requesteD", "\u{E9}", "e\u{301}", "bcdefghi", "ab",
          "aab",
        ]))
    }
  }

  /// A frame of such values; rarely a slot that failed, that lies, or a list with a missing element.
  mutating func frame() -> Frame {
    var frame = Frame(slotCount: CompiledExpressions.variables.count)
    for (slot, value) in values().enumerated() {
      guard let value else { continue }
      let stored = frame.store(value)
      frame.slots[slot] = stored
    }
    guard chance(10) else { return frame }
    let slot = Int.random(in: 0..<CompiledExpressions.variables.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: frame.slots[slot] = Slot(kind: .failure)
    case 1: frame.slots[slot] = Slot(kind: .string, length: 10, payload: pick([1 << 40, .max, 0]))
    case 2: frame.slots[slot] = .timestamp(milliseconds: pick([.max, .min, 253_402_300_800_000]))
    case 3: frame.slots[slot] = .duration(milliseconds: pick([.max, .min, 315_576_000_000_001]))
    default:
      frame.slots.append(.missing)
      frame.slots[12] = Slot(kind: .list, length: 1, payload: UInt64(frame.slots.count - 1))
    }
    return frame
  }

  static func environment(_ regularExpressions: any RegularExpressions) -> Environment {
    Environment(
      variables: variables.enumerated().map { .init(name: $1.name, type: $1.type, slot: $0) },
      constants: [
        .init(
          name: "members", type: .list(.string),
          value: .list((0..<20).map { .string("m\($0)") } + [.string("a"), .string("payout.requested")]))
      ], regularExpressions: regularExpressions)
  }
}
