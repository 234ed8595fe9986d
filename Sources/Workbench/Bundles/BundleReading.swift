internal import Assay
internal import Windows

extension DecisionBundle {
  /// Reads a line that `write` has written, or one that says the same.
  package init(line: [UInt8]) throws(ExplainProblem) {
    let json: JSONValue
    do {
      json = try JSONValue(parsing: String(decoding: line, as: UTF8.self))
    } catch {
      throw Self.problem(error.description)
    }
    switch json["bundle"] {
    case .number(Self.form)?: break
    case nil: throw Self.problem("it has no member `bundle`")
    default: throw Self.problem("it is of a form that this version does not know")
    }
    guard let event = json["event"]?.text, let input = json["input"]?.text,
      let name = json["ruleset"]?["name"]?.text, let version = json["ruleset"]?["version"]?.text,
      let features = json["features"]?.array, let decision = json["decision"]
    else { throw Self.problem("a member is missing or of the wrong type") }
    var read: [Feature] = []
    for feature in features {
      guard let found = FeatureSlot.read(feature) else {
        throw Self.problem("the feature `\(feature["name"]?.text ?? "")` has no value of its type")
      }
      read.append(found)
    }
    self.event = event
    self.input = input
    ruleSet = Decision.Identity(name: name, version: version)
    self.features = read
    isLate = json["late"]?.bool ?? false
    isRecomputed = json["recomputed"]?.bool ?? false
    hasAllFeatures = json["all_features"]?.bool ?? false
    failure = json["failure"].flatMap { failure in
      StoreFailure(
        code: failure["code"]?.text.flatMap(StoreFailure.Code.init(rawValue:)) ?? .unavailable,
        message: failure["message"]?.text ?? "")
    }
    breaker = decision["breaker"].flatMap(Self.breaker)
    self.decision = decision
  }

  private static func breaker(_ json: JSONValue) -> Decision.BreakerChange? {
    guard let outcome = json["instead_of"]?.text.flatMap(Outcome.init(rawValue:)),
      case .number(let blocks)? = json["blocks"], let blocks = Int(blocks),
      case .number(let decisions)? = json["decisions"], let decisions = Int(decisions)
    else { return nil }
    return Decision.BreakerChange(insteadOf: outcome, blocks: blocks, decisions: decisions)
  }

  static func problem(_ message: String) -> ExplainProblem {
    ExplainProblem(message: message, hint: "name a file that `assay replay --record` has written")
  }
}
