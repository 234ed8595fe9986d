public import Events

/// An event that got no decision, because it is no event of this rule set or contradicts one that was decided.
public struct EventRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// Stable, kebab case: the codes of `DecodeError.Code`, or one of the constants below.
  public let code: String
  /// The dotted path of the field it is about, where there is one.
  public let field: String?
  /// Lower case, no final period; never the value of a sensitive field.
  public let message: String

  /// The event's id was seen before with other content.
  public static let conflict = "conflict"
  /// The event is dated further ahead of the wall clock than the rule set allows.
  public static let tooFarAhead = "too-far-ahead"

  /// The event reverses or amends the event with its own id.
  public static let aboutItself = "about-itself"
  /// The store holds a decision for the event's id in a form that this version does not know.
  public static let unreadableDecision = "unreadable-decision"

  /// Makes a refusal; embedders see those that an engine throws.
  public init(code: String, field: String? = nil, message: String) {
    self.code = code
    self.field = field
    self.message = message
  }

  /// The refusal of an event that could not be decoded.
  public init(_ error: DecodeError) {
    self.init(code: error.code.rawValue, field: error.field, message: error.message)
  }

  /// `code: message`.
  public var description: String { "\(code): \(message)" }
}
