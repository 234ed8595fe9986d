import ArgumentParser
import Glibc
import Workbench

/// When text is coloured.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  /// Whether to colour what goes to `descriptor`: by default only on a terminal, never where `NO_COLOR` is set.
  func applies(to descriptor: Int32) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto:
      let isForbidden = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
      return !isForbidden && isatty(descriptor) == 1
    }
  }
}

/// How reports are written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// The two streams of the process.
enum Terminal {
  /// Makes the screen empty and begins at its top.
  static let cleared = "\u{1B}[2J\u{1B}[H"

  /// Characters of a line on the terminal that `descriptor` is; nil where it is none, or does not say.
  static func width(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes data to standard output.
  static func print(_ text: String) throws(OutputError) {
    var output = BufferedOutput(.output)
    try output.write { $0.append(contentsOf: text.utf8) }
    try output.flush()
  }

  /// Writes a remark to standard error; nobody is told when that fails.
  static func note(_ text: String) {
    var output = BufferedOutput(.error)
    try? output.write { $0.append(contentsOf: text.utf8) }
    try? output.flush()
  }
}
