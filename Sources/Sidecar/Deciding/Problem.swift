internal import Assay
internal import Events

/// Why there is no decision, or no other answer: a problem object (RFC 9457).
struct Problem: Error {
  /// What HTTP says of it.
  let status: Int
  /// Stable, kebab case; also the last part of `type`.
  let code: String
  /// Lower case, no final period.
  private(set) var detail: String
  /// The dotted path of the event's field that it is about.
  var field: String?
  /// The way out.
  var hint: String?
  /// After how many seconds another try may succeed.
  var retryAfter: Int?
  /// The method that would do, where the request's does not.
  var allow: String?

  init(_ status: Int, _ code: String, _ detail: String, field: String? = nil, hint: String? = nil) {
    (self.status, self.code, self.detail, self.field, self.hint) = (status, code, detail, field, hint)
  }

  /// An event that got no decision.
  init(_ refusal: EventRefusal) {
    let status =
      switch refusal.code {
      case EventRefusal.conflict: 409
      case EventRefusal.unreadableDecision: 500
      case DecodeError.Code.tooLarge.rawValue: 413
      case DecodeError.Code.notJSON.rawValue, DecodeError.Code.notUTF8.rawValue: 400
      default: 422
      }
    self.init(status, refusal.code, refusal.message, field: refusal.field)
  }

  /// More is under way than this sidecar takes on.
  static var overloaded: Problem {
    var problem = Problem(
      503, "overloaded", "too many decisions are under way", hint: "try again; add sidecars if it goes on")
    problem.retryAfter = 1
    return problem
  }

  /// The client's deadline passed first.
  static var deadlineExceeded: Problem {
    Problem(
      504, "deadline-exceeded", "the decision was not there in the time that the request gave it",
      hint: "send the event again under the same id: it is decided once")
  }

  /// The same, about one of several items.
  func placed(at index: Int) -> Problem {
    var problem = self
    problem.detail = "item \(index + 1): \(detail)"
    return problem
  }

  /// One JSON object without a line break.
  func write(to output: inout [UInt8]) {
    output.append(json: "{\"type\":")
    output.append(jsonString: "urn:assay:problem:\(code)")
    output.append(json: ",\"title\":")
    output.append(jsonString: title)
    output.append(json: ",\"status\":")
    output.append(jsonInteger: Int64(status))
    output.append(json: ",\"code\":")
    output.append(jsonString: code)
    output.append(json: ",\"detail\":")
    output.append(jsonString: detail)
    if let field {
      output.append(json: ",\"field\":")
      output.append(jsonString: field)
    }
    if let hint {
      output.append(json: ",\"hint\":")
      output.append(jsonString: hint)
    }
    if let retryAfter {
      output.append(json: ",\"retry_after\":")
      output.append(jsonInteger: Int64(retryAfter))
    }
    output.append(UInt8(ascii: "}"))
  }

  /// The code in words.
  private var title: String {
    let words = code.split(separator: "-").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
