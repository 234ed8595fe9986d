internal import Workbench

/// Figures as people read them.
enum Figures {
  static let none = "–"

  /// `91.2 %`
  static func percent(_ rate: Rate) -> String { percent(rate.value) }

  static func percent(_ share: Double?) -> String {
    share.map { "\(hundredths($0 * 100, places: 1)) %" } ?? none
  }

  /// `0.42 % (0.21–0.81)`: the share and between which ones it lies with 95 % confidence.
  static func percentWithInterval(_ rate: Rate, places: Int = 1) -> String {
    guard let value = rate.value, let interval = rate.interval else { return none }
    let (low, high) = (interval.lowerBound * 100, interval.upperBound * 100)
    return "\(hundredths(value * 100, places: places)) % "
      + "(\(hundredths(low, places: places))–\(hundredths(high, places: places)))"
  }

  /// `12.50`, of cents.
  static func money(_ cents: Int) -> String {
    let rest = String(cents.magnitude % 100)
    return "\(cents < 0 ? "-" : "")\(cents.magnitude / 100).\(rest.count < 2 ? "0" : "")\(rest)"
  }

  /// Of a mean of at least 0.
  static func mean(_ value: Double) -> String { hundredths(value, places: 1) }

  /// `40 min`, `7 h`, `3.5 d`
  static func span(_ milliseconds: Int64?) -> String {
    guard let milliseconds else { return none }
    let minutes = Double(milliseconds) / 60_000
    if minutes < 90 { return "\(Int(minutes.rounded())) min" }
    if minutes < 60 * 48 { return "\(Int((minutes / 60).rounded())) h" }
    return "\(hundredths(minutes / 1_440, places: 1)) d"
  }

  /// A number of at least 0 with one or two decimals, the same text on every machine.
  private static func hundredths(_ value: Double, places: Int) -> String {
    let scale = places == 1 ? 10 : 100
    let whole = Int((value * Double(scale)).rounded())
    let rest = String(whole % scale)
    return "\(whole / scale)." + String(repeating: "0", count: places - rest.count) + rest
  }
}
