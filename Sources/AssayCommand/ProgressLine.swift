import Workbench

/// The line on a terminal that tells how far a file was read, at most ten times a second.
struct ProgressLine {
  private static let interval = Duration.milliseconds(100)
  /// Fits every terminal.
  private static let columns = 60
  private static let barColumns = 20

  private let isShown: Bool
  private var last: ContinuousClock.Instant?

  /// Nothing is shown unless `isShown`.
  init(isShown: Bool) { self.isShown = isShown }

  /// Shows how far `file` was read, unless the line is fresh.
  mutating func show(_ progress: Replay.Progress, of file: String, at now: ContinuousClock.Instant) {
    guard isShown else { return }
    if let last, last.duration(to: now) < Self.interval { return }
    last = now
    var text = ""
    if let bytes = progress.bytes, bytes > 0 {
      let part = min(1, Double(progress.bytesRead) / Double(bytes))
      let full = Int(part * Double(Self.barColumns))
      text = "[" + String(repeating: "#", count: full)
      text += String(repeating: ".", count: Self.barColumns - full) + "] \(Int(part * 100)) % "
    }
    // The last part of the path only: a line that wraps could not be erased.
    text += "\(progress.lines) lines, \(file.split(separator: "/").last ?? "")"
    Terminal.note("\r\u{1B}[K" + text.prefix(Self.columns))
  }

  /// Removes the line.
  mutating func erase() {
    if last != nil { Terminal.note("\r\u{1B}[K") }
    last = nil
  }
}
