import CEL
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, 0),
    ("2009-02-13T23:31:30Z", 1_234_567_890, 0),
    ("2009-02-13t23:31:30z", 1_234_567_890, 0),
    ("2024-02-29T23:59:59.25+02:30", 1_709_242_199, 250_000_000),
    ("1969-12-31T23:59:59.999999999Z", -1, 999_999_999),
    ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
    ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
    ("2000-01-01T00:00:00-00:00", 946_684_800, 0),
  ])
  func reads(_ text: String, _ seconds: Int64, _ nanoseconds: Int32) {
    let timestamp = Timestamp(rfc3339: text)
    #expect(timestamp?.seconds == seconds)
    #expect(timestamp?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "2024-05-01", "2024-05-01T10:00:00", "2024-05-01 10:00:00Z", "2024-5-01T10:00:00Z",
    "2024-05-01T10:00:00.Z",
    "2024-05-01T10:00:00.1234567890Z", "2024-05-01T10:00:00+0200", "2024-05-01T10:00:00+2:00",
    "2024-05-01T24:00:00Z",
    "2024-05-01T10:60:00Z", "2024-05-01T10:00:60Z", "2023-02-29T10:00:00Z", "1900-02-29T10:00:00Z",
    "2024-13-01T10:00:00Z", "2024-00-01T10:00:00Z", "2024-05-00T10:00:00Z", "2024-05-32T10:00:00Z",
    "2024-05-01T10:00:00Zx", "2024-05-01T10:00:00+24:00", "2024-05-01T10:00:00+02:60", "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "+024-05-01T10:00:00Z", "2024-05-01T10:00:00.5",
    "２０２４-05-01T10:00:00Z",
  ])
  func refuses(_ text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test(arguments: [
    "2024-05-01T10:00:00Z", "2024-05-01T10:00:00.250Z", "2024-05-01T10:00:00.000250Z",
    "1969-12-31T23:59:59.000000001Z",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z",
  ])
  func writesWhatItReads(_ text: String) {
    #expect(Timestamp(rfc3339: text)?.rfc3339() == text)
  }

  @Test func countsMilliseconds() throws {
    #expect(Timestamp(rfc3339: "1969-12-31T23:59:59.999Z")?.milliseconds == -1)
    #expect(Timestamp(milliseconds: -1)?.rfc3339() == "1969-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: 1_234)?.nanoseconds == 234_000_000)
    #expect(Timestamp(milliseconds: .min) == nil)
    #expect(Timestamp(milliseconds: .max) == nil)
  }

  @Test func everyDayOfFourHundredYearsFollowsTheOneBefore() throws {
    var (year, month, day, weekday, dayOfYear) = (1_900, 1, 1, 1, 0)
    for days in -25_567..<(-25_567 + 146_097) {
      let date = CivilDate(daysSinceEpoch: days)
      #expect((date.year, date.month, date.day) == (year, month, day))
      #expect(date.daysSinceEpoch == days)
      #expect(date.dayOfWeek == weekday)
      #expect(date.dayOfYear == dayOfYear)
      weekday = (weekday + 1) % 7
      dayOfYear += 1
      day += 1
      if day > CivilDate.dayCount(year: year, month: month) {
        (month, day) = (month + 1, 1)
        if month == 13 { (year, month, dayOfYear) = (year + 1, 1, 0) }
      }
    }
  }
}
