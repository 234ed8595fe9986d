internal import CEL
internal import Windows

extension Aggregation {
  /// Whether values of `type` can be aggregated so.
  func takes(_ type: CELType) -> Bool {
    switch self {
    case .count, .sinceFirst, .sinceLast, .gapMean, .gapVariation: true
    case .share: type == .bool
    case .sum, .mean, .stddev: type == .int || type == .double
    case .min, .max: [.int, .double, .timestamp, .duration].contains(type)
    case .distinct, .first, .last: ColumnPlan.Kind(type, scale: 9) != nil
    }
  }

  /// What to write for a value of a type that cannot be aggregated so.
  func wants(instead type: CELType) -> String {
    switch (self, type) {
    case (.share, _): "`share` wants a condition, such as `fraud == 1`"
    case (_, .uint): "convert it: `int(…)`"
    case (_, .dyn): "say its type: `int(…)`, `double(…)` or `string(…)`"
    case (.sum, .bool), (.mean, .bool): "use `share` for a part, or `count` with `where` for a number"
    case (.sum, .string), (.sum, .enumeration): "use `distinct` to count different values"
    case (.sum, _), (.mean, _), (.stddev, _): "it wants an integer or a number"
    case (.min, _), (.max, _): "it wants a number, a timestamp or a duration"
    default: "it wants text, a number, a timestamp, a duration or true/false"
    }
  }

  /// The type of the feature's value.
  func resultType(of value: CELType?) -> CELType {
    switch self {
    case .count, .distinct: .int
    case .mean, .stddev, .gapVariation, .share: .double
    case .sinceFirst, .sinceLast, .gapMean: .duration
    case .sum, .min, .max, .first, .last: value ?? .error
    }
  }
}

extension CELType {
  /// With an article, for messages.
  var spelled: String {
    switch self {
    case .int: "an `int`"
    case .enumeration: "an enumeration"
    case .list: "a list"
    case .map: "a map"
    case .dyn: "of a type that is not known"
    default: "a `\(kindName)`"
    }
  }

  /// Without members and elements; part of stored tags, so never to be changed.
  var kindName: String {
    switch self {
    case .dyn: "dyn"
    case .null: "null"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string, .enumeration: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .list: "list"
    case .map: "map"
    case .type: "type"
    case .ip: "ip"
    case .cidr: "cidr"
    case .optional: "optional"
    case .variable, .error: "error"
    }
  }
}

/// The value that an empty window gives instead of the aggregation's own.
enum EmptyValue {
  static func slot(_ node: SourceNode, for type: CELType, _ findings: Findings) -> Slot? {
    switch (type, node.node.scalar?.resolved) {
    case (.int, .int(let number)?): return .int(number)
    case (.double, .int(let number)?): return .double(Double(number))
    case (.double, .double(let number)?) where number.isFinite: return .double(number)
    case (.bool, .bool(let flag)?): return .bool(flag)
    case (.duration, .string?):
      return node.duration(findings, in: 0...Int64.max).map { .duration(milliseconds: $0.value) }
    case (.timestamp, .string?): return node.moment(findings).map { .timestamp(milliseconds: $0.value) }
    case (.error, _): return nil
    case (.string, _), (.enumeration, _):
      findings.error(
        .emptyType, at: node.place, "a feature of text has no value for an empty window: it is missing",
        hint: "take `empty` out; a rule says with `on_missing` what then")
      return nil
    default:
      findings.error(
        .emptyType, at: node.place, "the feature is \(type.spelled), its `empty` is \(node.description)",
        hint: type == .duration ? "write a span of time, such as `0s`" : nil)
      return nil
    }
  }
}
