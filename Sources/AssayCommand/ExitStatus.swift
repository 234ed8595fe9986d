import Assay

/// What the exit code of the command says.
enum ExitStatus: Int32 {
  case fine = 0
  /// Diagnostics, failed tests, an expression with errors.
  case findings = 1
  /// The rules could not be loaded.
  case rules = 2
  /// Usage, input or environment.
  case input = 3
}

/// The end of a command before its end, or with another code than 0. What it says may quote files and events, and is
/// made fit for a terminal.
struct Stop: Error {
  let status: ExitStatus
  /// For standard error; nil where everything was said.
  let message: String?
  /// What to do about it.
  let hint: String?

  init(_ status: ExitStatus, _ message: String? = nil, hint: String? = nil) {
    self.status = status
    self.message = message.map { VisibleLine.of($0) }
    // A hint may show several lines to write.
    self.hint = hint.map { hint in
      hint.split(separator: "\n", omittingEmptySubsequences: false).map { VisibleLine.of(String($0)) }
        .joined(separator: "\n")
    }
  }
}
