/// What is wrong with a configuration of sources.
public struct IngestConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Lower case, no final period; begins with the dotted member that it is about.
  public let message: String
  /// The way out.
  public let hint: String

  init(_ message: String, hint: String) { (self.message, self.hint) = (message, hint) }

  /// All of them as one, each way out once; nil where there is none.
  init?(all errors: [IngestConfigurationError]) {
    guard let first = errors.first else { return nil }
    var hints: [String] = []
    for error in errors where !hints.contains(error.hint) { hints.append(error.hint) }
    self = first
    if errors.count > 1 {
      self.init(errors.map(\.message).joined(separator: "; "), hint: hints.joined(separator: "; "))
    }
  }

  /// The message.
  public var description: String { message }
}
