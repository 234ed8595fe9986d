package import Assay
internal import RuleSets

extension Decision {
  /// Reads a decision as `replay` writes it; nil when the line is none.
  ///
  /// Values come back so that they are written as they were: what JSON shows as text is text, whatever type the feature
  /// has.
  package init?(line: Span<UInt8>) {
    let text = unsafe line.withUnsafeBufferPointer { unsafe String(validating: $0, as: UTF8.self) }
    guard let text, let json = try? JSONValue(parsing: text), let event = json["event"]?.text,
      let outcome = json["outcome"]?.text.flatMap(Outcome.init(rawValue:)),
      let score = json["score"]?.integer,
      let name = json["ruleset"]?["name"]?.text, let version = json["ruleset"]?["version"]?.text
    else { return nil }
    self.init(
      event: event, outcome: outcome, score: score, ruleSet: Identity(name: name, version: version))
    guard let reasons = Self.read("reasons", json, Reason.init(json:)),
      let shadow = Self.read("shadow", json, ShadowHit.init(json:)),
      let notEvaluated = Self.read("not_evaluated", json, NotEvaluated.init(json:)),
      case .object(let features)? = json["features"]
    else { return nil }
    (self.reasons, self.shadow, self.notEvaluated) = (reasons, shadow, notEvaluated)
    self.features = features.map { FeatureValue(name: $0.key, value: FeatureValue.Value(json: $0.value)) }
    saturated = json["saturated"]?.texts ?? []
    warming = json["warming"]?.texts ?? []
    approximate = json["approximate"]?.texts ?? []
    unlisted = json["unlisted"]?.texts ?? []
    degraded = json["degraded"]?.bool == true ? json["why"]?.text ?? "" : nil
    repeated = json["repeated"]?.bool == true
    late = json["late"]?.bool == true
    dryRun = json["dry_run"]?.bool == true
  }

  private static func read<Item>(_ key: String, _ json: JSONValue, _ item: (JSONValue) -> Item?) -> [Item]? {
    guard let elements = json[key]?.array else { return nil }
    let items = elements.compactMap(item)
    return items.count == elements.count ? items : nil
  }
}

extension Decision.Reason {
  fileprivate init?(json: JSONValue) {
    guard let rule = json["rule"]?.text, let text = json["text"]?.text else { return nil }
    self.init(rule: rule, score: json["score"]?.integer ?? 0, decide: json["decide"]?.outcome, text: text)
  }
}

extension Decision.ShadowHit {
  fileprivate init?(json: JSONValue) {
    guard let rule = json["rule"]?.text else { return nil }
    self.init(rule: rule, score: json["score"]?.integer ?? 0, decide: json["decide"]?.outcome)
  }
}

extension Decision.NotEvaluated {
  fileprivate init?(json: JSONValue) {
    guard let rule = json["rule"]?.text, let cause = json["why"]?.text.flatMap(Cause.init(rawValue:)) else {
      return nil
    }
    self.init(
      rule: rule, cause: cause, field: json["field"]?.text, detail: json["detail"]?.text,
      floor: json["then"]?.outcome)
  }
}

extension Decision.FeatureValue.Value {
  fileprivate init(json: JSONValue) {
    switch json {
    case .bool(let value): self = .bool(value)
    case .number(let text):
      self = Int64(text).map { .int($0) } ?? Double(text).map { .double($0) } ?? .missing
    case .string(let text): self = .text(text)
    case .null, .array, .object: self = .missing
    }
  }
}

extension JSONValue {
  fileprivate var integer: Int? { if case .number(let text) = self { Int(text) } else { nil } }
  fileprivate var outcome: Outcome? { text.flatMap(Outcome.init(rawValue:)) }
  fileprivate var texts: [String] { array?.compactMap(\.text) ?? [] }
}
