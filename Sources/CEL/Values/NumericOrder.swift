/// How two values stand to each other; `unordered` is what a NaN is to everything.
package enum Order: Int8, Sendable {
  case less = -1
  case equal = 0
  case greater = 1
  case unordered = 2

  @inline(__always)
  init<T: Comparable>(_ left: T, _ right: T) {
    self = left < right ? .less : left == right ? .equal : .greater
  }

  var reversed: Order {
    switch self {
    case .less: .greater
    case .greater: .less
    case .equal, .unordered: self
    }
  }
}

/// Exact order of numbers of different types: as on one number line, without rounding either side.
///
/// One point is different because the conformance suite asks for it: `Int64.max`, which written as a double is 2⁶³,
/// is neither less nor greater than the double 2⁶³. Equality knows no such exception.
enum NumericOrder {
  @inline(__always)
  static func compare(_ left: Double, _ right: Double) -> Order {
    left < right ? .less : left > right ? .greater : left == right ? .equal : .unordered
  }

  @inline(__always)
  static func compare(_ left: Int64, _ right: UInt64) -> Order {
    left < 0 ? .less : Order(UInt64(bitPattern: left), right)
  }

  static func compare(_ left: Int64, _ right: Double) -> Order {
    if right.isNaN { return .unordered }
    if right >= 0x1p63 { return left == .max && right == 0x1p63 ? .equal : .less }
    if right < -0x1p63 { return .greater }
    let whole = Int64(right)
    return left == whole ? fraction(of: right, above: Double(whole)) : Order(left, whole)
  }

  static func compare(_ left: UInt64, _ right: Double) -> Order {
    if right.isNaN { return .unordered }
    if right >= 0x1p64 { return .less }
    if right < 0 { return .greater }
    let whole = UInt64(right)
    return left == whole ? fraction(of: right, above: Double(whole)) : Order(left, whole)
  }

  /// The order of `whole`, which is `number` without its fraction, to `number`.
  private static func fraction(of number: Double, above whole: Double) -> Order {
    compare(whole, number)
  }
}
