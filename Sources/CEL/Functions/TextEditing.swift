/// Functions that make a text of a text. Positions count code points.
enum TextEditing {
  static let functions: [ExtensionFunction] = [
    .method("charAt", .init(.string, .int, gives: .string), body: charAt),
    .method(
      "substring", .init(.string, .int, gives: .string), .init(.string, .int, .int, gives: .string),
      body: substring),
    .method("lowerAscii", .init(.string, gives: .string)) { arguments, budget throws(Fault) in
      try mapBytes(arguments, &budget) { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
    },
    .method("upperAscii", .init(.string, gives: .string)) { arguments, budget throws(Fault) in
      try mapBytes(arguments, &budget) { 0x61...0x7A ~= $0 ? $0 & 0xDF : $0 }
    },
    .method("trim", .init(.string, gives: .string), body: trim),
    .method("reverse", .init(.string, gives: .string), body: reverse),
    .method(
      "replace", .init(.string, .string, .string, gives: .string),
      .init(.string, .string, .string, .int, gives: .string), body: replace),
    .function("strings.quote", .init(.string, gives: .string), body: quote),
  ]

  /// The bytes of a text; reading and copying them is paid for.
  static func bytes(_ text: String, _ budget: inout Budget) throws(Fault) -> [UInt8] {
    try budget.charge(Budget.allocationSteps + text.utf8.count >> 2)
    return Array(text.utf8)
  }

  static func text(_ bytes: ArraySlice<UInt8>) -> Value { .string(String(decoding: bytes, as: UTF8.self)) }

  static func outOfRange(_ position: Int64) -> Fault {
    Fault(.indexOutOfRange, "the position \(position) is out of the range of the text")
  }

  /// One code point as text; empty at the text's end.
  private static func charAt(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let bytes = try bytes(try arguments.text(0), &budget)
    let position = try arguments.int(1)
    guard let start = CodePoints.offset(of: position, in: bytes) else { throw outOfRange(position) }
    return text(bytes[start..<CodePoints.end(after: start, in: bytes)])
  }

  private static func substring(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let bytes = try bytes(try arguments.text(0), &budget)
    let first = try arguments.int(1)
    guard let start = CodePoints.offset(of: first, in: bytes) else { throw outOfRange(first) }
    guard arguments.count > 2 else { return text(bytes[start...]) }
    let last = try arguments.int(2)
    guard let end = CodePoints.offset(of: last, in: bytes) else { throw outOfRange(last) }
    guard start <= end else {
      throw Fault(.invalidArgument, "the position \(last) of the end is before \(first), the start")
    }
    return text(bytes[start..<end])
  }

  private static func mapBytes(
    _ arguments: Arguments, _ budget: inout Budget, _ change: (UInt8) -> UInt8
  ) throws(Fault) -> Value {
    text(try bytes(try arguments.text(0), &budget).map(change)[...])
  }

  /// Without the white space, as Unicode has it, at both ends.
  private static func trim(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let text = try arguments.text(0)
    try budget.charge(Budget.allocationSteps + text.utf8.count >> 2)
    let scalars = text.unicodeScalars
    guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return .string("") }
    return .string(String(scalars[start...last]))
  }

  private static func reverse(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let text = try arguments.text(0)
    try budget.charge(Budget.allocationSteps + text.utf8.count >> 1)
    var reversed = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.reversed() { reversed.append(scalar) }
    return .string(String(reversed))
  }

  /// Every occurrence, or the first few; an empty text occurs before each code point and at the end.
  private static func replace(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let bytes = try bytes(try arguments.text(0), &budget)
    let (old, new) = (try arguments.text(1), try arguments.text(2))
    let limit = try arguments.count > 3 ? arguments.int(3) : -1
    let found = try TextSearch.occurrences(of: old, in: bytes, limit: limit, &budget)
    let oldCount = old.utf8.count
    let size = bytes.count + found.count * (new.utf8.count - oldCount)
    try budget.charge(size >> 2)
    var result: [UInt8] = []
    result.reserveCapacity(size)
    var position = 0
    for start in found {
      result += bytes[position..<start]
      result += new.utf8
      position = start + oldCount
    }
    result += bytes[position...]
    return text(result[...])
  }

  /// The text as an expression would write it, between double quotation marks.
  private static func quote(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let bytes = try bytes(try arguments.text(0), &budget)
    try budget.charge(bytes.count >> 2)
    var quoted: [UInt8] = [UInt8(ascii: "\"")]
    for byte in bytes {
      if let letter = escapes[byte] {
        quoted += [UInt8(ascii: "\\"), letter]
      } else {
        quoted.append(byte)
      }
    }
    quoted.append(UInt8(ascii: "\""))
    return text(quoted[...])
  }

  private static let escapes: [UInt8: UInt8] = [
    0x07: UInt8(ascii: "a"), 0x08: UInt8(ascii: "b"), 0x0C: UInt8(ascii: "f"), 0x0A: UInt8(ascii: "n"),
    0x0D: UInt8(ascii: "r"), 0x09: UInt8(ascii: "t"), 0x0B: UInt8(ascii: "v"),
    UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "\""): UInt8(ascii: "\""),
  ]
}
