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

/// The end of a command before its end, or with another code than 0.
struct Stop: Error {
  let status: ExitStatus
  /// For standard error; nil where everything was said.
  let message: String?
  /// What to do about it.
  let hint: String?

  init(_ status: ExitStatus, _ message: String? = nil, hint: String? = nil) {
    self.status = status
    self.message = message
    self.hint = hint
  }
}
