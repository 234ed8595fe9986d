/// The value that an author would write of many that compare the same.
extension TuneScale {
  /// The roundest value of a range: the multiple of the largest usual step, the one nearest to zero of several.
  func roundest(in range: ClosedRange<Int64>) -> Int64 {
    switch self {
    case .whole: Self.multiple(in: range, of: Self.powersOfTen) ?? range.lowerBound
    case .time: Self.multiple(in: range, of: Self.spans) ?? range.lowerBound
    case .real: Self.shortest(in: range)
    }
  }

  private static let powersOfTen: [Int64] = (0...18).reversed().map { exponent in
    (0..<exponent).reduce(1) { product, _ in product * 10 }
  }

  /// Microseconds of a day, hours, minutes, seconds and their parts.
  private static let spans: [Int64] =
    [86_400, 43_200, 21_600, 3_600, 1_800, 600, 300, 60, 30, 10, 5, 1].map { $0 * 1_000_000 }
    + [100_000, 10_000, 1_000, 1]

  private static func multiple(in range: ClosedRange<Int64>, of steps: [Int64]) -> Int64? {
    if range.contains(0) { return 0 }
    for step in steps {
      let isPositive = range.lowerBound > 0
      let near = isPositive ? range.lowerBound : range.upperBound
      let rest = near % step
      let (multiple, overflows) =
        rest == 0
        ? (near, false) : (near - rest).addingReportingOverflow(isPositive ? step : -step)
      if !overflows, range.contains(multiple) { return multiple }
    }
    return nil
  }

  /// The double with the fewest decimal places.
  private static func shortest(in range: ClosedRange<Int64>) -> Int64 {
    let low = double(range.lowerBound)
    var power = 1.0
    for _ in 0...15 {
      let scaled = (low * power).rounded(.up)
      // Beyond, not every whole number is a double.
      guard abs(scaled) < 9_007_199_254_740_992 else { break }
      if let found = key(scaled / power), range.contains(found) { return found }
      power *= 10
    }
    return range.lowerBound
  }
}
