/// Why a configuration cannot be used. Never holds a password.
public struct RedisConfigurationError: Error, Hashable, Sendable {
  /// The part of the URL, or the option, that is wrong: `port`, `timeout`.
  public var place: String
  /// What is wrong; lower case, no final period.
  public var cause: String
  /// The way out.
  public var hint: String?

  /// An error with its place.
  public init(place: String, cause: String, hint: String? = nil) {
    self.place = place
    self.cause = cause
    self.hint = hint
  }
}

extension RedisConfigurationError: CustomStringConvertible {
  /// Place, cause and hint in one line.
  public var description: String {
    "`\(place)`: \(cause)" + (hint.map { " (\($0))" } ?? "")
  }
}
