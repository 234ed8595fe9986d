internal import CEL
internal import Foundation

/// The clock on the wall, for messages whose arrival nobody tells.
enum WallClock {
  /// The moment of the call, to the millisecond; nil where the clock is beyond all calendars.
  static var now: Timestamp? {
    let milliseconds = (Date().timeIntervalSince1970 * 1_000).rounded(.down)
    return Int64(exactly: milliseconds).flatMap { Timestamp(milliseconds: $0) }
  }
}
