/// `+ - * / %` and the sign: checked, never across types, and joining text, bytes and lists.
enum Arithmetic {
  static func add(_ left: Value, _ right: Value, _ budget: inout Budget) throws(Fault) -> Value {
    switch (left, right) {
    case (.int(let left), .int(let right)): return .int(try checked(left.addingReportingOverflow(right)))
    case (.uint(let left), .uint(let right)): return .uint(try checked(left.addingReportingOverflow(right)))
    case (.double(let left), .double(let right)): return .double(left + right)
    case (.string(let left), .string(let right)):
      try budget.charge(2 + (left.utf8.count + right.utf8.count) >> 4)
      return .string(left + right)
    case (.bytes(let left), .bytes(let right)):
      try budget.charge(bytes: left.count + right.count)
      return .bytes(left + right)
    case (.list(let left), .list(let right)):
      try budget.charge(Budget.allocationSteps + left.count + right.count)
      return .list(left + right)
    case (.timestamp(let moment), .duration(let span)), (.duration(let span), .timestamp(let moment)):
      return try timestamp(moment.totalNanoseconds + span.nanoseconds)
    case (.duration(let left), .duration(let right)):
      return try duration(left.nanoseconds + right.nanoseconds)
    default: throw .noSuchOverload("_+_", left, right)
    }
  }

  static func subtract(_ left: Value, _ right: Value) throws(Fault) -> Value {
    switch (left, right) {
    case (.int(let left), .int(let right)): return .int(try checked(left.subtractingReportingOverflow(right)))
    case (.uint(let left), .uint(let right)):
      return .uint(try checked(left.subtractingReportingOverflow(right)))
    case (.double(let left), .double(let right)): return .double(left - right)
    case (.timestamp(let moment), .duration(let span)):
      return try timestamp(moment.totalNanoseconds - span.nanoseconds)
    case (.timestamp(let left), .timestamp(let right)):
      // The conformance suite wants differences that 64 bits of nanoseconds (292 years) cannot hold refused.
      let difference = left.totalNanoseconds - right.totalNanoseconds
      guard Int64(exactly: difference) != nil else { throw .outOfRange("duration") }
      return try duration(difference)
    case (.duration(let left), .duration(let right)):
      return try duration(left.nanoseconds - right.nanoseconds)
    default: throw .noSuchOverload("_-_", left, right)
    }
  }

  static func multiply(_ left: Value, _ right: Value) throws(Fault) -> Value {
    switch (left, right) {
    case (.int(let left), .int(let right)): .int(try checked(left.multipliedReportingOverflow(by: right)))
    case (.uint(let left), .uint(let right)): .uint(try checked(left.multipliedReportingOverflow(by: right)))
    case (.double(let left), .double(let right)): .double(left * right)
    default: throw .noSuchOverload("_*_", left, right)
    }
  }

  static func divide(_ left: Value, _ right: Value) throws(Fault) -> Value {
    switch (left, right) {
    case (.int, .int(0)), (.uint, .uint(0)): throw Fault(.divisionByZero, "division by zero")
    case (.int(let left), .int(let right)): .int(try checked(left.dividedReportingOverflow(by: right)))
    case (.uint(let left), .uint(let right)): .uint(left / right)
    case (.double(let left), .double(let right)): .double(left / right)
    default: throw .noSuchOverload("_/_", left, right)
    }
  }

  static func modulo(_ left: Value, _ right: Value) throws(Fault) -> Value {
    switch (left, right) {
    case (.int, .int(0)), (.uint, .uint(0)): throw Fault(.divisionByZero, "modulus by zero")
    case (.int(let left), .int(let right)):
      .int(try checked(left.remainderReportingOverflow(dividingBy: right)))
    case (.uint(let left), .uint(let right)): .uint(left % right)
    default: throw .noSuchOverload("_%_", left, right)
    }
  }

  static func negate(_ value: Value) throws(Fault) -> Value {
    switch value {
    case .int(let number): .int(try checked(Int64(0).subtractingReportingOverflow(number)))
    case .double(let number): .double(-number)
    default: throw .noSuchOverload("-_", value)
    }
  }

  private static func checked<T>(_ result: (partialValue: T, overflow: Bool)) throws(Fault) -> T {
    guard !result.overflow else { throw Fault(.overflow, "integer overflow") }
    return result.partialValue
  }

  private static func timestamp(_ nanoseconds: Int128) throws(Fault) -> Value {
    guard let result = Timestamp(totalNanoseconds: nanoseconds) else { throw .outOfRange("timestamp") }
    return .timestamp(result)
  }

  private static func duration(_ nanoseconds: Int128) throws(Fault) -> Value {
    guard let result = Duration(nanoseconds: nanoseconds) else { throw .outOfRange("duration") }
    return .duration(result)
  }
}
