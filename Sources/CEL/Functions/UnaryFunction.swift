/// The functions and operators of one value. The raw value is the name in an expression.
enum UnaryFunction: String, Sendable {
  case not = "!_"
  case negate = "-_"
  case notStrictlyFalse = "@not_strictly_false"
  case size
  case type, dyn, int, uint, double, string, bytes, bool, timestamp, duration
  case getFullYear, getMonth, getDayOfYear, getDayOfMonth, getDate, getDayOfWeek
  case getHours, getMinutes, getSeconds, getMilliseconds

  /// Whether a call of this shape, `f(x)` or `x.f()`, is the function.
  init?(name: String, isMethod: Bool) {
    self.init(rawValue: name)
    switch self {
    case .size: break
    case _ where timePart != nil: guard isMethod else { return nil }
    default: guard !isMethod else { return nil }
    }
  }

  /// What an accessor of timestamps and durations reads, nil for other functions.
  var timePart: TimePart? { TimePart(rawValue: rawValue) }

  /// Whether the value for a constant may be computed once: the result is the same for ever and small.
  var isFoldable: Bool {
    switch self {
    case .timestamp, .duration, .negate, .int, .uint, .double, .bool, .dyn: true
    default: false
    }
  }

  func callAsFunction(_ value: Value, _ budget: inout Budget) throws(Fault) -> Value {
    switch self {
    case .not:
      guard case .bool(let bool) = value else { throw .noSuchOverload("!_", value) }
      return .bool(!bool)
    case .notStrictlyFalse:
      if case .bool(false) = value { return .bool(false) }
      return .bool(true)
    case .negate: return try Arithmetic.negate(value)
    case .size: return try TextFunctions.size(value, &budget)
    case .type: return .type(value.runtimeType)
    case .dyn: return value
    case .int, .uint, .double, .bool, .timestamp, .duration: return try convert(value, &budget)
    case .string: return try Conversion.string(value, &budget)
    case .bytes: return try Conversion.bytes(value, &budget)
    case .getFullYear, .getMonth, .getDayOfYear, .getDayOfMonth, .getDate, .getDayOfWeek, .getHours,
      .getMinutes,
      .getSeconds, .getMilliseconds:
      guard let timePart else { throw .noSuchOverload(rawValue, value) }
      return try timePart.read(from: value)
    }
  }

  /// Reading a number, a moment or a span may take as long as the text is.
  private func convert(_ value: Value, _ budget: inout Budget) throws(Fault) -> Value {
    if case .string(let text) = value { try budget.charge(bytes: text.utf8.count) }
    return switch self {
    case .int: try Conversion.int(value)
    case .uint: try Conversion.uint(value)
    case .double: try Conversion.double(value)
    case .bool: try Conversion.bool(value)
    case .timestamp: try Conversion.timestamp(value)
    case .duration: try Conversion.duration(value)
    default: throw .noSuchOverload(rawValue, value)
    }
  }
}

extension Fault {
  /// The function exists, but not for values of these types.
  static func noSuchOverload(_ function: String, _ values: Value...) -> Fault {
    noSuchOverload(function, of: values)
  }

  static func noSuchOverload(_ function: String, of values: [Value]) -> Fault {
    let types = values.map { $0.runtimeType.runtimeName }.joined(separator: ", ")
    return Fault(.noSuchOverload, "no such overload: `\(function)` of (\(types))")
  }

  /// A number, time or span beyond what its type holds.
  static func outOfRange(_ type: String) -> Fault {
    Fault(.overflow, "the result is out of the range of `\(type)`")
  }
}
