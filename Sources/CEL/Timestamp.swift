/// A moment between 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z, to the nanosecond.
@frozen public struct Timestamp: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z, rounded down.
  public let seconds: Int64
  /// 0 to 999,999,999, counted forwards from `seconds`.
  public let nanoseconds: Int32

  /// Returns nil outside the years 1 to 9999 or when `nanoseconds` is not 0 to 999,999,999.
  public init?(seconds: Int64, nanoseconds: Int32 = 0) {
    guard seconds >= -62_135_596_800, seconds <= 253_402_300_799, 0..<1_000_000_000 ~= nanoseconds else {
      return nil
    }
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// Earlier is less.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}
