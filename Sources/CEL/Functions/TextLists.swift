/// Between a text and its parts.
enum TextLists {
  static let functions: [ExtensionFunction] = [
    .method(
      "split", .init(.string, .string, gives: .list(.string)),
      .init(.string, .string, .int, gives: .list(.string)),
      body: split),
    .method(
      "join", .init(.list(.string), gives: .string), .init(.list(.string), .string, gives: .string),
      body: join),
  ]

  /// All parts, or the first few with the rest in the last one; an empty separator gives the code points.
  private static func split(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let bytes = try TextEditing.bytes(try arguments.text(0), &budget)
    let separator = try arguments.text(1)
    let limit = try arguments.count > 2 ? arguments.int(2) : -1
    if limit == 0 || (bytes.isEmpty && separator.isEmpty) { return .list([]) }
    let cuts = limit > 0 ? limit - 1 : -1
    var found: [Int]
    if separator.isEmpty {
      // Those before the first code point and behind the last one divide nothing.
      found = try TextSearch.occurrences(
        of: separator, in: bytes, limit: cuts < 0 ? -1 : cuts.addingReportingOverflow(1).partialValue, &budget
      )
      found.removeFirst()
      if found.last == bytes.count { found.removeLast() }
    } else {
      found = try TextSearch.occurrences(of: separator, in: bytes, limit: cuts, &budget)
    }
    try budget.charge((found.count + 1) * Budget.allocationSteps + bytes.count >> 4)
    var parts: [Value] = []
    parts.reserveCapacity(found.count + 1)
    var position = 0
    for start in found {
      parts.append(TextEditing.text(bytes[position..<start]))
      position = start + separator.utf8.count
    }
    parts.append(TextEditing.text(bytes[position...]))
    return .list(parts)
  }

  private static func join(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> Value {
    let separator = try arguments.count > 1 ? arguments.text(1) : ""
    let members = try arguments.list(0)
    try budget.charge(Budget.allocationSteps + members.count)
    var joined: [UInt8] = []
    for (index, member) in members.enumerated() {
      guard case .string(let part) = member else { throw arguments.mismatch }
      let separates = index > 0
      try budget.charge((part.utf8.count + (separates ? separator.utf8.count : 0)) >> 3)
      if separates { joined += separator.utf8 }
      joined += part.utf8
    }
    return TextEditing.text(joined[...])
  }
}
