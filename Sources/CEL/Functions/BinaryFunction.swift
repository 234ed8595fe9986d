/// The functions and operators of two values. The raw value is the name in an expression.
enum BinaryFunction: String, Sendable {
  case add = "_+_"
  case subtract = "_-_"
  case multiply = "_*_"
  case divide = "_/_"
  case modulo = "_%_"
  case equal = "_==_"
  case notEqual = "_!=_"
  case less = "_<_"
  case lessOrEqual = "_<=_"
  case greater = "_>_"
  case greaterOrEqual = "_>=_"
  case within = "@in"
  case index = "_[_]"
  case contains, startsWith, endsWith

  /// Whether a call of this shape, `f(x, y)` or `x.f(y)`, is the function.
  init?(name: String, isMethod: Bool) {
    self.init(rawValue: name)
    switch self {
    case .contains, .startsWith, .endsWith: guard isMethod else { return nil }
    default: guard !isMethod else { return nil }
    }
  }

  func callAsFunction(_ left: Value, _ right: Value, _ budget: inout Budget) throws(Fault) -> Value {
    switch self {
    case .add: try Arithmetic.add(left, right, &budget)
    case .subtract: try Arithmetic.subtract(left, right)
    case .multiply: try Arithmetic.multiply(left, right)
    case .divide: try Arithmetic.divide(left, right)
    case .modulo: try Arithmetic.modulo(left, right)
    case .equal: .bool(try left.isEqual(to: right, &budget))
    case .notEqual: .bool(try !left.isEqual(to: right, &budget))
    case .less, .lessOrEqual, .greater, .greaterOrEqual: .bool(try compare(left, right, &budget))
    case .within: .bool(try Membership.contains(right, left, &budget))
    case .index: try Membership.element(of: left, at: right, &budget)
    case .contains, .startsWith, .endsWith: .bool(try TextFunctions.search(self, left, right, &budget))
    }
  }

  private func compare(_ left: Value, _ right: Value, _ budget: inout Budget) throws(Fault) -> Bool {
    if case .string(let text) = left { try budget.charge(bytes: text.utf8.count) }
    if case .bytes(let bytes) = left { try budget.charge(bytes: bytes.count) }
    guard let order = left.order(to: right), let comparison else {
      throw .noSuchOverload(rawValue, left, right)
    }
    return comparison.holds(order)
  }

  /// The comparison that the operator is, nil for other functions.
  var comparison: Comparison? {
    switch self {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    default: nil
    }
  }
}

/// What a comparison asks of the order of two values.
package enum Comparison: UInt8, Sendable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

  @inline(__always)
  func holds(_ order: Order) -> Bool {
    switch self {
    case .equal: order == .equal
    case .notEqual: order != .equal
    case .less: order == .less
    case .lessOrEqual: order == .less || order == .equal
    case .greater: order == .greater
    case .greaterOrEqual: order == .greater || order == .equal
    }
  }

  /// The comparison with its sides exchanged.
  package var mirrored: Comparison {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
