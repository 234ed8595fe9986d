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
    let (year, month, day) = civil(day)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// `1 Mar`, for axes.
  static func shortDate(day: Int) -> String {
    let (_, month, day) = civil(day)
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(day) \(names[month - 1])"
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

  /// Year, month and day of a number of days since 1970, counted in eras of 400 years that begin on 1 March.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
