/// Why an event was refused: a code, the field it is about where there is one, and a sentence.
public struct DecodeError: Error, Hashable, Sendable {
  /// The kinds that callers tell apart.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    case notJSON = "not-json"
    case notUTF8 = "not-utf8"
    case notAnObject = "not-an-object"
    case tooLarge = "too-large"
    case tooDeep = "too-deep"
    case duplicateField = "duplicate-field"
    case missingField = "missing-field"
    /// Only of a builder: the JSON may carry what the schema does not declare.
    case unknownField = "unknown-field"
    case wrongType = "wrong-type"
    case outOfRange = "out-of-range"
    case badTimestamp = "bad-timestamp"
    case badAddress = "bad-address"
    case badNumber = "bad-number"
    case unknownType = "unknown-type"
    case badIdentity = "bad-identity"
    case textTooLong = "text-too-long"
    case listTooLong = "list-too-long"
  }
  /// What went wrong, for programs.
  public let code: Code
  /// The dotted path of the field, as the schema writes it.
  public let field: String?
  /// Lower case, no final period; never the value of a sensitive field.
  public let message: String

  /// An error as the decoder, or whoever checks an event further, reports it.
  public init(code: Code, field: String? = nil, message: String) {
    self.code = code
    self.field = field
    self.message = message
  }
}
