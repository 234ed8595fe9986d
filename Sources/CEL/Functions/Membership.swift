/// What lists and maps hold: `in`, `[]` and field selection.
enum Membership {
  /// `value in container`.
  static func contains(_ container: Value, _ value: Value, _ budget: inout Budget) throws(Fault) -> Bool {
    switch container {
    case .list(let members):
      for member in members {
        try budget.charge(1)
        if try member.isEqual(to: value, &budget) { return true }
      }
      return false
    case .map(let map): return try find(value, in: map, &budget) != nil
    default: throw .noSuchOverload("@in", value, container)
    }
  }

  /// `container[position]`.
  static func element(of container: Value, at position: Value, _ budget: inout Budget) throws(Fault) -> Value
  {
    switch container {
    case .list(let members):
      guard let index = try index(position), members.indices.contains(index) else {
        throw Fault(
          .indexOutOfRange, "index \(describe(position)) is out of range in a list of \(members.count)")
      }
      return members[index]
    case .map(let map):
      guard let value = try find(position, in: map, &budget) else { throw noSuchKey(position) }
      return value
    case .optional: return .optional(try optionalElement(of: container, at: position, &budget))
    default: throw .noSuchOverload("_[_]", container, position)
    }
  }

  /// `container[?position]`: nil where there is no such element, or an optional container is absent.
  static func optionalElement(
    of container: Value, at position: Value, _ budget: inout Budget
  ) throws(Fault) -> Value? {
    switch container {
    case .list(let members):
      guard let index = try index(position), members.indices.contains(index) else { return nil }
      return members[index]
    case .map(let map): return try find(position, in: map, &budget)
    case .optional(nil): return nil
    case .optional(let inner?):
      if case .optional = inner { throw .noSuchOverload("_[?_]", container, position) }
      return try optionalElement(of: inner, at: position, &budget)
    default: throw .noSuchOverload("_[?_]", container, position)
    }
  }

  /// `container.?field`: nil where there is no such field, or an optional container is absent.
  static func optionalField(
    _ field: String, of container: Value, _ budget: inout Budget
  ) throws(Fault) -> Value? {
    try budget.charge(Budget.allocationSteps)
    switch container {
    case .map(let map): return try find(.string(field), in: map, &budget)
    case .optional(nil): return nil
    case .optional(.map(let map)?): return try find(.string(field), in: map, &budget)
    default: throw noFields(container, field)
    }
  }

  private static func noFields(_ container: Value, _ field: String) -> Fault {
    Fault(.noSuchField, "`\(container.runtimeType.runtimeName)` does not have fields, such as `\(field)`")
  }

  /// `container.field`.
  static func field(_ field: String, of container: Value, _ budget: inout Budget) throws(Fault) -> Value {
    if case .optional = container { return .optional(try optionalField(field, of: container, &budget)) }
    guard case .map(let map) = container else { throw noFields(container, field) }
    guard let value = try find(.string(field), in: map, &budget) else {
      throw Fault(.noSuchKey, "no such key: `\(field)`")
    }
    return value
  }

  /// `has(container.field)`.
  static func has(_ field: String, in container: Value, _ budget: inout Budget) throws(Fault) -> Bool {
    if case .optional = container { return try optionalField(field, of: container, &budget) != nil }
    guard case .map(let map) = container else { throw noFields(container, field) }
    return try find(.string(field), in: map, &budget) != nil
  }

  private static func find(_ key: Value, in map: MapValue, _ budget: inout Budget) throws(Fault) -> Value? {
    if case .string(let text) = key { try budget.charge(bytes: text.utf8.count) }
    return map[key]
  }

  /// A list's index may be any number that is whole; nil when it is one beyond every list.
  private static func index(_ value: Value) throws(Fault) -> Int? {
    switch value {
    case .int(let number): return Int(exactly: number)
    case .uint(let number): return Int(exactly: number)
    case .double(let number):
      guard number.rounded() == number else {
        throw Fault(.invalidArgument, "a list's index must be a whole number")
      }
      return Int(exactly: number)
    default: throw Fault(.invalidArgument, "a list's index cannot be a `\(value.runtimeType.runtimeName)`")
    }
  }

  private static func noSuchKey(_ key: Value) -> Fault { Fault(.noSuchKey, "no such key: \(describe(key))") }

  /// Numbers and bools are shown; text is not, since it may come from an event and be sensitive.
  private static func describe(_ key: Value) -> String {
    switch key {
    case .bool(let bool): "\(bool)"
    case .int(let number): "\(number)"
    case .uint(let number): "\(number)u"
    case .double(let number): DoubleText.text(of: number)
    default: "a `\(key.runtimeType.runtimeName)`"
    }
  }
}
