internal import Assay
internal import RuleSets
internal import Windows

extension EntityState {
  /// The log and the windows as one JSON object; values are written as decisions write them.
  package func json() -> String {
    JSONValue.object([
      .init("entity", address.json), .init("at", .string(Self.moment(time))),
      .init("bytes", .number(String(log?.byteCount ?? 0))),
      .init("expires_in_ms", log?.expiresIn.map { .number(String($0)) } ?? .null),
      .init("later", .number(String(log?.laterCount ?? 0))),
      .init("records", .array(log?.records.map(\.json) ?? [])),
      .init("features", .array(log?.features.map(\.json) ?? [])),
    ]).encoded() + "\n"
  }
}

extension EntityAddress {
  /// The key's fields and values; sensitive ones masked.
  var json: JSONValue { .object(parts.map { .init($0.path, .string($0.isSensitive ? "***" : $0.text)) }) }
}

extension EntityState.Record {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("record", .string(record.kind.rawValue)),
      .init("time", record.time == .min ? .null : .string(EntityState.moment(record.time))),
    ]
    guard record.kind == .event else {
      if !record.target.isEmpty { members.append(.init("event", .string(LogNames.text(record.target)))) }
      return .object(members)
    }
    members += [.init("type", .string(type)), .init("id", .string(LogNames.text(record.id)))]
    let target = JSONValue.string(LogNames.text(record.target))
    if record.reverses { members.append(.init("reverses", target)) }
    if record.amends { members.append(.init("amends", target)) }
    members.append(.init("marks", .array(marks.map { .string($0) })))
    members.append(.init("columns", .object(columns.map { .init($0.name, $0.json) })))
    return .object(members)
  }
}

extension EntityState.Column {
  fileprivate var json: JSONValue {
    if isHashed, case .text(let digits) = value { return .string("hash:" + digits) }
    return value.json
  }
}

extension EntityState.Feature {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(name)), .init("value", value.json)]
    if let currency { members.append(.init("currency", .string(currency))) }
    members.append(.init("flags", .array(flags.map { .string($0) })))
    return .object(members)
  }
}

extension Decision.FeatureValue.Value {
  /// As decisions write it.
  fileprivate var json: JSONValue {
    switch self {
    case .missing: .null
    case .bool(let value): .bool(value)
    case .int(let value): .number(String(value))
    case .double(let value): value.isFinite ? .number(value.description) : .null
    case .text, .timestamp, .duration, .masked: .string(shown)
    }
  }
}
