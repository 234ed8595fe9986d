/// Why a vendor's message became no event.
///
/// Neither the message nor the hint has anything of a secret, of a claim code or of a value that was sent, but for
/// numbers that are times, amounts or ids of keys.
public struct IngestRefusal: Error, Hashable, Sendable {
  /// Stable, kebab case: what metrics count by.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    case tooLarge = "too-large"
    case malformedQuery = "malformed-query"
    case badEncoding = "bad-encoding"
    case tooManyParameters = "too-many-parameters"
    case duplicateParameter = "duplicate-parameter"
    case missingParameter = "missing-parameter"
    case unknownParameter = "unknown-parameter"
    case parameterOrder = "parameter-order"
    case ambiguousParameter = "ambiguous-parameter"
    case badValue = "bad-value"
    case badTime = "bad-time"
    case timeUnit = "time-unit"
    case notJSON = "not-json"
    case wrongType = "wrong-type"
    case unknownValue = "unknown-value"
    case vendorFailed = "vendor-failed"
    case noEvent = "no-event"
    case claimCode = "claim-code"
    case unsigned
    case malformedSignature = "malformed-signature"
    case wrongSignature = "wrong-signature"
    case ambiguousSignature = "ambiguous-signature"
    case unknownKey = "unknown-key"
    case notConfigured = "not-configured"
  }

  /// Who has to do something about it.
  public enum Kind: Sendable, Hashable {
    /// The message is not what the vendor sends.
    case malformed
    /// It is in the vendor's form, and nothing shows that the vendor sent it.
    case unproven
    /// The message may be fine: the configuration has nothing to read or verify it with.
    case unconfigured
  }

  /// What metrics count by.
  public let code: Code
  /// The parameter or the dotted member that it is about, where it is about one.
  public let parameter: String?
  /// Lower case, no final period.
  public let message: String
  /// The way out.
  public let hint: String?

  init(_ code: Code, _ parameter: String? = nil, _ message: String, hint: String? = nil) {
    (self.code, self.parameter, self.message, self.hint) = (code, parameter, message, hint)
  }

  /// Who has to do something about it.
  public var kind: Kind {
    switch code {
    case .unsigned, .malformedSignature, .wrongSignature, .ambiguousSignature, .unknownKey: .unproven
    case .notConfigured: .unconfigured
    default: .malformed
    }
  }
}

extension IngestRefusal {
  /// More than is read.
  package static func tooLarge(bytes: Int, max: Int) -> IngestRefusal {
    IngestRefusal(.tooLarge, nil, "a message of \(bytes) bytes; at most \(max) are read")
  }

  /// A message that begins with a moment of no calendar.
  package static var badArrival: IngestRefusal {
    IngestRefusal(
      .badTime, nil, "what stands in front of the message is no moment",
      hint: "write the arrival as 2026-05-01T10:00:00Z and one blank behind it, or leave it out")
  }

  static func missing(_ parameter: String) -> IngestRefusal {
    IngestRefusal(
      .missingParameter, parameter, "there is no `\(parameter)`",
      hint: "see that the callback's address at the vendor has it, and that nothing cuts the query off")
  }

  static func badValue(_ parameter: String, _ expected: String) -> IngestRefusal {
    IngestRefusal(.badValue, parameter, "`\(parameter)` must be \(expected)")
  }

  /// A value is not of its form; `said` is the setting that says so, where one does.
  static func badForm(_ parameter: String, _ expected: String, said setting: String?) -> IngestRefusal {
    IngestRefusal(
      .badValue, parameter, "`\(parameter)` must be \(expected)",
      hint: setting.map { "`\($0)` of the configuration says so: change it there if the value is right" })
  }

  static func notConfigured(_ source: IngestSource) -> IngestRefusal {
    IngestRefusal(
      .notConfigured, nil, "`\(source.rawValue)` is not configured",
      hint: "the configuration needs a member `\(source.rawValue)`")
  }
}
