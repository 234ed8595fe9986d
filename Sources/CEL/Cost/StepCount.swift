/// A number of steps, bytes or elements that an upper bound is made of; sums and products that 63 bits cannot hold are
/// `unbounded`, which every further sum and product keeps.
struct StepCount: Hashable, Comparable, ExpressibleByIntegerLiteral, Sendable {
  /// Not negative.
  private let count: Int

  static let unbounded = StepCount(.max)

  init(_ count: Int) { self.count = max(0, count) }
  init(integerLiteral count: Int) { self.init(count) }

  /// Nil where there is no bound.
  var bounded: Int? { count == .max ? nil : count }

  static func < (left: StepCount, right: StepCount) -> Bool { left.count < right.count }

  static func + (left: StepCount, right: StepCount) -> StepCount {
    let (sum, overflows) = left.count.addingReportingOverflow(right.count)
    return overflows ? .unbounded : StepCount(sum)
  }

  static func * (left: StepCount, right: StepCount) -> StepCount {
    let (product, overflows) = left.count.multipliedReportingOverflow(by: right.count)
    return overflows ? .unbounded : StepCount(product)
  }

  static func += (left: inout StepCount, right: StepCount) { left = left + right }

  /// Divided by a power of two, as `Budget` charges for bytes.
  static func >> (left: StepCount, bits: Int) -> StepCount {
    left == .unbounded ? .unbounded : StepCount(left.count >> bits)
  }
}
