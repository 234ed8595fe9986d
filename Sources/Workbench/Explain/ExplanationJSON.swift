internal import Assay
internal import CEL
internal import RuleSets

extension Explanation {
  /// The explanation as one JSON object; the decision in it is as every command writes it.
  package func json() -> JSONValue {
    let decisionText = String(decoding: decision.json, as: UTF8.self)
    return .object([
      .init("event", event.json), .init("decision", (try? JSONValue(parsing: decisionText)) ?? .null),
      .init("steps", .array(steps.map(\.json))), .init("rules", .array(rules.map(\.json))),
      .init("nearest", .array(nearest.map(\.json))), .init("missing", .array(missing.map(\.json))),
      .init("features", .array(features.map { $0.json(aggregations[$0.feature] ?? "") })),
    ])
  }
}

extension Explanation.EventFacts {
  fileprivate var json: JSONValue {
    .object([
      .init("id", .string(id)), .init("type", .string(type)),
      .init("time", .string(EntityState.moment(time))),
      .init("fields", .object(fields.map { .init($0.name, $0.value.explained) })),
    ])
  }
}

extension Explanation.Step {
  fileprivate var json: JSONValue {
    .object([
      .init("effect", .string(effect)), .init("rule", rule.map { .string($0) } ?? .null),
      .init("text", .string(text)),
    ])
  }
}

extension Explanation.NearRule {
  fileprivate var json: JSONValue {
    .object([
      .init("rule", .string(rule)), .init("shadow", .bool(isShadow)),
      .init("tests", .array(tests.map { .string($0.text) })),
    ])
  }
}

extension Explanation.MissingEvidence {
  fileprivate var json: JSONValue {
    .object([
      .init("name", .string(name)), .init("why", .string(why)),
      .init("rules", .array(rules.map { .string($0) })),
    ])
  }
}

extension RuleExplanation {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("rule", .string(rule.id)), .init("title", .string(rule.title)),
      .init("status", .string(rule.status.rawValue)), .init("state", .string(word)),
    ]
    switch state {
    case .fired, .notFired: break
    case .noAnswer(let answer): members.append(.init("why", .string(answer.explanation)))
    case .leftOut(let absence): members.append(.init("why", .string(absence.words)))
    }
    if let condition { members.append(.init("condition", condition.json)) }
    return .object(members)
  }

  private var word: String {
    switch state {
    case .fired: "fired"
    case .notFired: "not_fired"
    case .noAnswer: "no_answer"
    case .leftOut: "left_out"
    }
  }
}

extension FeatureWindow {
  fileprivate func json(_ aggregation: String) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name)), .init("aggregation", .string(aggregation)),
      .init("value", value.explained),
      .init("key", .object(key.map { .init($0.path, $0.value.map { .string($0) } ?? .null) })),
      .init("from", from.map { .string(EntityState.moment($0)) } ?? .null),
      .init("to", .string(EntityState.moment(to))),
    ]
    if let last { members.append(.init("last", .number(String(last)))) }
    if let currency { members.append(.init("currency", .string(currency))) }
    if !flags.isEmpty { members.append(.init("flags", .array(flags.map { .string($0) }))) }
    guard let count else { return .object(members) }
    members.append(.init("count", .number(String(count))))
    members.append(.init("records", .array(records.map(\.json))))
    return .object(members)
  }
}

extension FeatureWindow.Record {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("time", .string(EntityState.moment(time))), .init("type", .string(type)),
      .init("id", .string(id)),
    ]
    if let value { members.append(.init("value", value.explained)) }
    if isOwn { members.append(.init("own", .bool(true))) }
    return .object(members)
  }
}

extension Decision.FeatureValue.Value {
  /// The value as decisions write it.
  fileprivate var explained: JSONValue {
    switch self {
    case .missing: .null
    case .bool(let value): .bool(value)
    case .int(let value): .number(String(value))
    case .double(let value): value.isFinite ? .number(value.description) : .null
    case .duration(let value): .string(Duration.milliseconds(value).celText())
    case .text, .timestamp, .masked: .string(shown)
    }
  }
}
