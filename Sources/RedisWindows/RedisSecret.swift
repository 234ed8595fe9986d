/// A password: it is sent to the server and never printed, not by `print`, string interpolation or a mirror.
public struct RedisSecret: Sendable, Hashable {
  private let text: String

  /// Keeps `text` to itself.
  public init(_ text: String) { self.text = text }

  /// The bytes for the server.
  func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
    let bytes = Array(text.utf8)
    return unsafe body(bytes.span.bytes)
  }
}

extension RedisSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Three asterisks.
  public var description: String { "***" }
  /// Three asterisks.
  public var debugDescription: String { description }
  /// Nothing: `dump` and reflection see no child.
  public var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}
