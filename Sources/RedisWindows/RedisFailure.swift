/// Why commands have no replies, or none that can be used.
package struct RedisFailure: Error, Hashable, Sendable {
  /// What kind of failure it is.
  package enum Code: String, Sendable, Hashable {
    /// There is no connection, it was lost, or the server is not ready to serve.
    case unavailable
    /// The deadline passed first.
    case late
    /// The server answered with an error that trying again does not mend (credentials, a key of another type).
    case refused
    /// The peer sent bytes that are no replies, or more than is allowed.
    case garbled
  }
  /// What kind of failure it is.
  package var code: Code
  /// Lower case, no final period; never holds a password or a value of an event.
  package var message: String
  /// Whether the commands may have been executed: they were written to a connection and never answered.
  package var mayHaveRun: Bool
  /// The way out, where there is one to name.
  package var hint: String?

  /// A failure with its sentence.
  package init(code: Code, message: String, mayHaveRun: Bool, hint: String? = nil) {
    self.hint = hint
    self.code = code
    self.message = message
    self.mayHaveRun = mayHaveRun
  }
}
