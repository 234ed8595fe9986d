/// How numbers read on the page. The page's script words the same numbers in the same way.
enum Figure {
  /// Stands where there is no number.
  static let none = "–"

  /// `12.3 %`, rounded half up; `< 0.1 %` and `> 99.9 %` where rounding would say nothing and all.
  static func percent(_ share: Share) -> String {
    guard share.whole > 0, share.part >= 0 else { return none }
    let tenths = (share.part * 2_000 + share.whole) / (share.whole * 2)
    if tenths == 0 && share.part > 0 { return "< 0.1 %" }
    if tenths >= 1_000 && share.part < share.whole { return "> 99.9 %" }
    return "\(grouped(tenths / 10)).\(tenths % 10) %"
  }

  /// `12.3–45.6 %`: where the true share may be.
  static func interval(_ share: Share) -> String {
    guard let interval = share.interval else { return none }
    return "\(tenths(interval.lowerBound))–\(tenths(interval.upperBound)) %"
  }

  /// `1,234.50 USD`; minor units have `digits` decimal places.
  static func amount(_ minor: Int128, _ currency: ReplayReport.Currency) -> String {
    let number = MoneyText.decimal(minor, places: currency.digits)
    return currency.code.isEmpty ? number : "\(number) \(currency.code)"
  }

  /// A number in thousands, millions: for axes.
  static func short(_ value: Double) -> String {
    for (unit, name) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where value.magnitude >= unit {
      return trimmed(value / unit) + name
    }
    return trimmed(value)
  }

  private static func trimmed(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    guard tenths.magnitude < 1e15 else { return none }
    let whole = Int(tenths)
    return whole % 10 == 0
      ? String(whole / 10) : "\(whole < 0 ? "-" : "")\(abs(whole) / 10).\(abs(whole) % 10)"
  }

  /// A share between 0 and 1 as tenths of a percent.
  private static func tenths(_ share: Double) -> String {
    let tenths = Int((share * 1_000 + 0.5).rounded(.down))
    return "\(tenths / 10).\(tenths % 10)"
  }
}
