/// `"%d of %s".format([1, "a"])`: clauses `%s %d %f %e %x %X %o %b`, `%.3f` with a precision, and `%%`.
enum TextFormat {
  static let function = ExtensionFunction.method(
    "format", .init(.string, .list(.dyn), gives: .string), body: format)

  private static func format(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let template = try TextEditing.bytes(try arguments.text(0), &budget)
    var text = FormattedText()
    var values = try arguments.list(1)[...]
    var position = 0
    while position < template.count {
      guard template[position] == UInt8(ascii: "%") else {
        text.bytes.append(template[position])
        position += 1
        continue
      }
      position += 1
      if position < template.count, template[position] == UInt8(ascii: "%") {
        text.bytes.append(UInt8(ascii: "%"))
        position += 1
        continue
      }
      let clause = try clause(template, at: &position)
      guard let value = values.popFirst() else {
        throw Fault(.invalidArgument, "`format` has more clauses than values")
      }
      try text.append(value, as: clause, &budget)
    }
    return TextEditing.text(text.bytes[...])
  }

  /// More digits behind the point than any double has that differ from zero.
  private static let precisionMax = 1_100

  /// What stands between `%` and the end of the clause.
  private static func clause(_ template: [UInt8], at position: inout Int) throws(Fault) -> Clause {
    var precision: Int?
    if position < template.count, template[position] == UInt8(ascii: ".") {
      position += 1
      let start = position
      var number = 0
      while position < template.count, template[position] &- UInt8(ascii: "0") < 10 {
        number = number * 10 + Int(template[position] - UInt8(ascii: "0"))
        guard number <= precisionMax else {
          throw Fault(.invalidArgument, "`format` gives at most \(precisionMax) digits behind the point")
        }
        position += 1
      }
      guard position > start else { throw Fault(.invalidArgument, "`format` needs a number after `%.`") }
      precision = number
    }
    guard position < template.count, let kind = Clause.Kind(rawValue: template[position]) else {
      throw Fault(.invalidArgument, "`format` knows `%s %d %f %e %x %X %o %b` and `%%`, nothing else")
    }
    position += 1
    return Clause(kind: kind, precision: precision ?? 6)
  }

  /// How a value is written.
  struct Clause {
    enum Kind: UInt8 {
      case string = 0x73
      case decimal = 0x64
      case fixed = 0x66
      case scientific = 0x65
      case hexadecimal = 0x78
      case upperHexadecimal = 0x58
      case octal = 0x6F
      case binary = 0x62

      /// As it stands in the template.
      var letter: Character { Character(Unicode.Scalar(rawValue)) }
    }
    let kind: Kind
    let precision: Int
  }
}

/// What `format` has written so far.
struct FormattedText {
  var bytes: [UInt8] = []

  /// Values in values are followed so far.
  private static let depthMax = 64

  mutating func append(
    _ value: Value, as clause: TextFormat.Clause, _ budget: inout Budget
  ) throws(Fault) {
    try budget.charge(Budget.allocationSteps)
    switch clause.kind {
    case .string: try append(value, depth: 0, &budget)
    case .decimal:
      switch value {
      case .int, .uint, .double: try append(value, depth: 0, &budget)
      default: throw mismatch(clause, value)
      }
    case .fixed, .scientific: try append(number(value, clause), clause, &budget)
    case .binary: try append(value, radix: 2, clause, &budget)
    case .octal: try append(value, radix: 8, clause, &budget)
    case .hexadecimal, .upperHexadecimal: try append(value, radix: 16, clause, &budget)
    }
  }

  private func mismatch(_ clause: TextFormat.Clause, _ value: Value) -> Fault {
    Fault(.invalidArgument, "`%\(clause.kind.letter)` does not take `\(value.runtimeType.runtimeName)`")
  }

  private func number(_ value: Value, _ clause: TextFormat.Clause) throws(Fault) -> Double {
    guard let number = value.number else { throw mismatch(clause, value) }
    return number
  }

  private mutating func append(
    _ number: Double, _ clause: TextFormat.Clause, _ budget: inout Budget
  ) throws(Fault) {
    guard number.isFinite else {
      bytes += DoubleText.plainText(of: number).utf8
      return
    }
    let distance = abs(Int(number.exponentBitPattern) - 1_023) >> 1
    // Exact digits cost more the farther the number is from 1.
    try budget.charge(64 + distance + clause.precision >> 4)
    bytes +=
      clause.kind == .fixed
      ? ExactDecimal.fixed(number, precision: clause.precision)
      : ExactDecimal.scientific(number, precision: clause.precision)
  }

  private mutating func append(
    _ value: Value, radix: Int, _ clause: TextFormat.Clause, _ budget: inout Budget
  ) throws(Fault) {
    let isUpper = clause.kind == .upperHexadecimal
    switch value {
    case .int(let number): bytes += String(number, radix: radix, uppercase: isUpper).utf8
    case .uint(let number): bytes += String(number, radix: radix, uppercase: isUpper).utf8
    case .bool(let flag) where radix == 2: bytes.append(UInt8(ascii: flag ? "1" : "0"))
    case .string(let text) where radix == 16: try append(hexadecimal: Array(text.utf8), isUpper, &budget)
    case .bytes(let raw) where radix == 16: try append(hexadecimal: raw, isUpper, &budget)
    default: throw mismatch(clause, value)
    }
  }

  private mutating func append(
    hexadecimal raw: [UInt8], _ isUpper: Bool, _ budget: inout Budget
  ) throws(Fault) {
    try budget.charge(raw.count >> 2)
    let digits = Array((isUpper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
    for byte in raw { bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
  }

  /// `%s`: text as it is, everything else as an author would read it, maps in the order of their keys' text.
  private mutating func append(_ value: Value, depth: Int, _ budget: inout Budget) throws(Fault) {
    guard depth <= Self.depthMax else { throw Fault(.invalidArgument, "the value is nested too deeply") }
    try budget.charge(2)
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .int(let number): bytes += String(number).utf8
    case .uint(let number): bytes += String(number).utf8
    case .double(let number):
      try budget.charge(Budget.allocationSteps * 4)
      bytes += DoubleText.plainText(of: number).utf8
    case .string(let text):
      try budget.charge(bytes: text.utf8.count)
      bytes += text.utf8
    case .bytes, .timestamp, .duration, .ip, .cidr:
      guard case .string(let text) = try Conversion.string(value, &budget) else { return }
      bytes += text.utf8
    case .type(let type): bytes += type.runtimeName.utf8
    case .list(let members):
      bytes.append(UInt8(ascii: "["))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes += ", ".utf8 }
        try append(member, depth: depth + 1, &budget)
      }
      bytes.append(UInt8(ascii: "]"))
    case .map(let map): try append(map, depth: depth, &budget)
    case .optional: throw Fault(.invalidArgument, "`%s` does not take an optional value")
    }
  }

  private mutating func append(_ map: MapValue, depth: Int, _ budget: inout Budget) throws(Fault) {
    var entries: [(key: String, value: Value)] = []
    for entry in map.entries {
      // Sorting compares each key about as often as the number of entries has digits.
      try budget.charge(Budget.allocationSteps * 4)
      var key = FormattedText()
      try key.append(entry.key, depth: depth + 1, &budget)
      entries.append((String(decoding: key.bytes, as: UTF8.self), entry.value))
    }
    entries.sort { TextOrder.compare($0.key, $1.key) == .less }
    bytes.append(UInt8(ascii: "{"))
    for (index, entry) in entries.enumerated() {
      if index > 0 { bytes += ", ".utf8 }
      bytes += entry.key.utf8
      bytes += ": ".utf8
      try append(entry.value, depth: depth + 1, &budget)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}
