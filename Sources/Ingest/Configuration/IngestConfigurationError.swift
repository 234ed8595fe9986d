/// What is wrong with a configuration of sources.
public struct IngestConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Lower case, no final period; begins with the dotted member that it is about.
  public let message: String
  /// The way out.
  public let hint: String

  init(_ message: String, hint: String) { (self.message, self.hint) = (message, hint) }

  /// The message.
  public var description: String { message }
}
