/// A share of counted events, with what the count allows to say of it.
package struct Rate: Hashable, Sendable {
  /// Events of which it is true.
  package let part: Int
  /// Events in all.
  package let whole: Int

  /// `part` of `whole` events.
  package init(_ part: Int, of whole: Int) { (self.part, self.whole) = (part, whole) }

  /// 0 to 1; nil where there are no events.
  package var value: Double? { whole > 0 ? Double(part) / Double(whole) : nil }

  /// The normal distribution's quantile for 95 %, both sides.
  private static let deviations = 1.959963984540054

  /// Between which shares the true one lies with 95 % confidence (Wilson's score interval, which also holds for few
  /// events and for shares near 0 and 1); nil where there are no events.
  package var interval: ClosedRange<Double>? {
    guard let value else { return nil }
    let (count, square) = (Double(whole), Self.deviations * Self.deviations)
    let center = (value + square / (2 * count)) / (1 + square / count)
    let spread = (value * (1 - value) / count + square / (4 * count * count)).squareRoot()
    let reach = Self.deviations * spread / (1 + square / count)
    return max(0, center - reach)...min(1, center + reach)
  }
}
