package import RuleSets

/// A rule set with one thing changed by one notch: whether some test notices it says what the tests protect.
package struct Mutant: Sendable {
  /// What was changed.
  package enum Kind: String, Sendable, CaseIterable {
    case threshold, comparison, connective, negation, window, score, decide
    /// A part of a condition was left out, a member of a list in it, or a feature's whole `where`.
    case dropped
    /// What the rule does where it has no answer.
    case missing = "on_missing"
  }

  package let kind: Kind
  /// The part of the rule set that was changed, and what it became.
  package let part: DraftPart
  package let content: DraftPart.Content
  /// What of the part was changed; nil where the part is no expression.
  package let range: Range<Int>?
  /// The changed piece as it is written, and what it became.
  package let was: String
  package let became: String
  /// When the two differ.
  let difference: Difference

  /// On which events a mutant is not the original.
  enum Difference: Sendable {
    /// An expression has this value; whether the comparison then holds as it was written.
    case value(of: String, is: String, holds: Bool, isExact: Bool)
    /// A part of the condition holds while others do not, or the other way about.
    case condition(String, holds: Bool, whileOthersHold: Bool)
    /// Exactly one of the two sides holds.
    case eitherSide(String, String)
    /// Any event for which the part has an answer.
    case always(String)
    /// A record is older than one span and younger than the other; whether it counts as it was written.
    case age(from: String, to: String, counts: Bool)
    /// The window has more than so many records.
    case records(Int)
    /// The rule fires; what it adds or decides.
    case effect(String)
    /// The rule has no answer.
    case unanswered
  }
}

/// A change to an expression, by place.
struct TextEdit: Hashable {
  let range: Range<Int>
  let replacement: String

  func applied(to text: String) -> String {
    let bytes = Array(text.utf8)
    let range = range.clamped(to: 0..<bytes.count)
    return String(decoding: bytes[..<range.lowerBound], as: UTF8.self) + replacement
      + String(decoding: bytes[range.upperBound...], as: UTF8.self)
  }
}
