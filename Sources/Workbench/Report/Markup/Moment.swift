internal import CEL

/// Dates of the page, in UTC by the Gregorian calendar.
enum Moment {
  private static let millisecondsPerDay: Int64 = 86_400_000

  /// Days since 1970 of a time in milliseconds.
  static func day(of milliseconds: Int64) -> Int {
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: millisecondsPerDay)
    return Int(remainder < 0 ? quotient - 1 : quotient)
  }

  /// `2026-03-01`.
  static func date(day: Int) -> String {
    let date = CivilDate(daysSinceEpoch: day)
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  }

  /// `1 Mar`, for axes.
  static func shortDate(day: Int) -> String {
    let date = CivilDate(daysSinceEpoch: day)
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(date.day) \(names[date.month - 1])"
  }

  /// `2026-03-01 23:05:33`.
  static func text(_ milliseconds: Int64) -> String {
    let day = day(of: milliseconds)
    let seconds = Int((milliseconds - Int64(day) * millisecondsPerDay) / 1_000)
    let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return date(day: day) + " " + clock.joined(separator: ":")
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
