internal import CEL
internal import Foundation

/// The clock on the wall, for messages whose arrival nobody tells.
enum WallClock {
  /// `told`, otherwise the moment of the call, to the millisecond.
  static func moment(_ told: Timestamp?) throws(IngestRefusal) -> Timestamp {
    if let told { return told }
    let milliseconds = (Date().timeIntervalSince1970 * 1_000).rounded(.down)
    guard let now = Int64(exactly: milliseconds).flatMap({ Timestamp(milliseconds: $0) }) else {
      throw IngestRefusal(.badTime, nil, "the clock of this machine shows no moment", hint: "set it")
    }
    return now
  }
}
