/// Spans in milliseconds, and how times are written.
package enum Time {
  package static let second: Int64 = 1_000
  package static let minute: Int64 = 60 * second
  package static let hour: Int64 = 60 * minute
  package static let day: Int64 = 24 * hour

  /// Rounded down, so that days before 1970 have numbers too.
  static func dayNumber(_ time: Int64) -> Int64 {
    let (quotient, rest) = time.quotientAndRemainder(dividingBy: day)
    return rest < 0 ? quotient - 1 : quotient
  }

  /// 0 is Monday.
  static func weekday(ofDay number: Int64) -> Int { Int(((number + 3) % 7 + 7) % 7) }

  /// The proleptic Gregorian date of a day counted from 1970-01-01 (Hinnant, "chrono-compatible date algorithms").
  static func civilDate(ofDay number: Int64) -> (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (Int(year), Int(month), Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1))
  }
}
