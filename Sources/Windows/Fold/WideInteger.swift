/// A sum of squares of 64-bit integers, wide enough for any number of them: 256 bits, never negative.
struct SquareSum {
  private var low: UInt128 = 0
  private var high: UInt128 = 0

  mutating func add(_ value: Int64) {
    let magnitude = UInt128(value.magnitude)
    let (sum, overflow) = low.addingReportingOverflow(magnitude &* magnitude)
    low = sum
    if overflow { high &+= 1 }
  }

  mutating func subtract(_ value: Int64) {
    let magnitude = UInt128(value.magnitude)
    let (difference, overflow) = low.subtractingReportingOverflow(magnitude &* magnitude)
    low = difference
    if overflow { high &-= 1 }
  }

  /// `count · Σx² − (Σx)²`, exact until it becomes a double: the population's variance times `count` squared.
  func spread(count: Int, sum: Int128) -> Double {
    let factor = UInt128(count)
    let product = low.multipliedFullWidth(by: factor)
    let productHigh = product.high &+ high &* factor
    let square = sum.magnitude.multipliedFullWidth(by: sum.magnitude)
    let (differenceLow, borrow) = UInt128(product.low).subtractingReportingOverflow(square.low)
    let differenceHigh = productHigh &- square.high &- (borrow ? 1 : 0)
    return Double(differenceHigh) * 0x1p128 + Double(differenceLow)
  }
}
