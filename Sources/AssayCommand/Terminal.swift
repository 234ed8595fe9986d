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
