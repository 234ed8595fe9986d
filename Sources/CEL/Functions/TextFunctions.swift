/// Functions of text and of sizes.
enum TextFunctions {
  /// Code points of text, bytes of bytes, elements of lists, entries of maps.
  static func size(_ value: Value, _ budget: inout Budget) throws(Fault) -> Value {
    switch value {
    case .string(let text):
      try budget.charge(bytes: text.utf8.count)
      return .int(Int64(TextOrder.codePointCount(text)))
    case .bytes(let bytes): return .int(Int64(bytes.count))
    case .list(let members): return .int(Int64(members.count))
    case .map(let map): return .int(Int64(map.entries.count))
    default: throw .noSuchOverload("size", value)
    }
  }

  /// `contains`, `startsWith` and `endsWith`.
  static func search(
    _ function: BinaryFunction, _ text: Value, _ part: Value, _ budget: inout Budget
  ) throws(Fault) -> Bool {
    guard case .string(let text) = text, case .string(let part) = part else {
      throw .noSuchOverload(function.rawValue, text, part)
    }
    switch function {
    case .startsWith:
      try budget.charge(bytes: part.utf8.count)
      return TextOrder.starts(text, with: part)
    case .endsWith:
      try budget.charge(bytes: part.utf8.count)
      return TextOrder.ends(text, with: part)
    default:
      try budget.charge(text.utf8.count >> 2)
      return TextOrder.contains(text, part)
    }
  }
}
