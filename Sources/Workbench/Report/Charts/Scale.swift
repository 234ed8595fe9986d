internal import Glibc

/// Scales of charts.
enum Scale {
  /// Where a count stands on a logarithmic axis from 0 to `top`: 0 to 1.
  static func logarithmic(_ count: Int, top: Int) -> Double {
    guard top > 0, count > 0 else { return 0 }
    return log(1 + Double(count)) / log(1 + Double(top))
  }

  /// 1, 10, 100 … up to `top`.
  static func powersOfTen(to top: Int) -> [Int] {
    var powers: [Int] = []
    var power = 1
    while power <= top {
      powers.append(power)
      let next = power.multipliedReportingOverflow(by: 10)
      if next.overflow { break }
      power = next.partialValue
    }
    return powers
  }

  /// A round number at or above `value`, and the step of two to five lines up to it.
  static func round(above value: Double) -> (top: Double, step: Double) {
    guard value > 0, value < 1e300 else { return (1, 1) }
    let power = pow(10, floor(log10(value)))
    for (top, step) in [(1.0, 0.5), (2, 0.5), (3, 1), (4, 1), (5, 1), (6, 2), (8, 2), (10, 2)]
    where top * power >= value { return (top * power, step * power) }
    return (10 * power, 2 * power)
  }
}
