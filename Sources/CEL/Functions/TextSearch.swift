/// Where a text stands in another. Positions count code points.
enum TextSearch {
  static let functions: [ExtensionFunction] = [
    .method(
      "indexOf", .init(.string, .string, gives: .int), .init(.string, .string, .int, gives: .int),
      body: indexOf),
    .method(
      "lastIndexOf", .init(.string, .string, gives: .int), .init(.string, .string, .int, gives: .int),
      body: lastIndexOf),
  ]

  /// The first position at or after the given one, or -1.
  private static func indexOf(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let part = try arguments.text(1)
    let bytes = try prepare(arguments, part, &budget)
    let position = try arguments.count > 2 ? arguments.int(2) : 0
    guard let start = CodePoints.offset(of: position, in: bytes) else {
      throw TextEditing.outOfRange(position)
    }
    if part.isEmpty { return .int(position) }
    return index(TextPattern(part).first(in: bytes.span, from: start), bytes)
  }

  /// The last position at or before the given one, or -1.
  private static func lastIndexOf(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let part = try arguments.text(1)
    let bytes = try prepare(arguments, part, &budget)
    var limit = bytes.count
    if arguments.count > 2 {
      let position = try arguments.int(2)
      guard let offset = CodePoints.offset(of: position, in: bytes) else {
        throw TextEditing.outOfRange(position)
      }
      limit = offset
    }
    return index(part.isEmpty ? limit : TextPattern(part).last(in: bytes.span, notAfter: limit), bytes)
  }

  private static func prepare(
    _ arguments: Arguments, _ part: String, _ budget: inout Budget
  ) throws(Fault) -> [UInt8] {
    try budget.charge(Budget.allocationSteps + part.utf8.count >> 1)
    return try TextEditing.bytes(try arguments.text(0), &budget)
  }

  private static func index(_ offset: Int?, _ bytes: [UInt8]) -> Value {
    .int(offset.map { Int64(CodePoints.count(bytes[..<$0])) } ?? -1)
  }

  /// Where `part` begins in `bytes`, none overlapping the one before; at most `limit` of them unless that is negative. An
  /// empty part stands before each code point and at the end.
  static func occurrences(
    of part: String, in bytes: [UInt8], limit: Int64, _ budget: inout Budget
  ) throws(Fault) -> [Int] {
    var found: [Int] = []
    func isFull() -> Bool { limit >= 0 && Int64(found.count) >= limit }
    if part.isEmpty {
      var offset = 0
      while !isFull() {
        try budget.charge(1)
        found.append(offset)
        if offset == bytes.count { break }
        offset = CodePoints.end(after: offset, in: bytes)
      }
      return found
    }
    try budget.charge(Budget.allocationSteps + part.utf8.count >> 1)
    let pattern = TextPattern(part)
    var start = 0
    while !isFull(), let next = pattern.first(in: bytes.span, from: start) {
      try budget.charge(1)
      found.append(next)
      start = next + pattern.bytes.count
    }
    return found
  }
}
