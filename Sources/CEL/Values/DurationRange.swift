extension Duration {
  /// The largest span of time in CEL, in either direction: 10,000 years of 365.25 days.
  package static let secondsMax: Int64 = 315_576_000_000

  /// Returns nil beyond ±315,576,000,000 s.
  init?(nanoseconds: Int128) {
    let limit = Int128(Duration.secondsMax) * 1_000_000_000
    guard nanoseconds >= -limit, nanoseconds <= limit else { return nil }
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    self.init(secondsComponent: Int64(seconds), attosecondsComponent: Int64(rest) * 1_000_000_000)
  }

  /// Whole nanoseconds, rounded towards zero.
  var nanoseconds: Int128 {
    let parts = components
    return Int128(parts.seconds) * 1_000_000_000 + Int128(parts.attoseconds / 1_000_000_000)
  }

  /// Returns nil beyond the range of CEL.
  package init?(celMilliseconds milliseconds: Int64) {
    self.init(nanoseconds: Int128(milliseconds) * 1_000_000)
  }

  /// Milliseconds where the duration is a whole number of them that fits.
  package var exactMilliseconds: Int64? {
    let (milliseconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
    guard rest == 0, components.attoseconds % 1_000_000_000 == 0 else { return nil }
    return Int64(exactly: milliseconds)
  }
}

extension Timestamp {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  var totalNanoseconds: Int128 { Int128(seconds) * 1_000_000_000 + Int128(nanoseconds) }

  /// Returns nil outside the years 1 to 9999.
  init?(totalNanoseconds: Int128) {
    var (seconds, rest) = totalNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    if rest < 0 {
      rest += 1_000_000_000
      seconds -= 1
    }
    guard let whole = Int64(exactly: seconds) else { return nil }
    self.init(seconds: whole, nanoseconds: Int32(rest))
  }
}
