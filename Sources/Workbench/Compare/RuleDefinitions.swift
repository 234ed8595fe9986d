internal import CEL
internal import Events
internal import RuleSets
internal import Windows

/// What is said of each rule, feature, list, field, and the whole, as two rule sets are compared by it.
struct RuleDefinitions {
  let rules: RuleSet
  /// By slot.
  let names: [String]

  init(_ rules: RuleSet) {
    self.rules = rules
    names = rules.slotNames
  }

  var ofRules: [Definition] {
    rules.rules.map { rule in
      var attributes = [
        Definition.Attribute("on", typesText(rule.appliesToType)),
        Definition.Attribute("when", rule.source.onOneLine, identity: canonical(rule.source)),
      ]
      attributes += effect(of: rule)
      if let from = rule.from { attributes.append(.init("from", momentText(from))) }
      if let until = rule.until { attributes.append(.init("until", momentText(until))) }
      if let sample = rule.sample {
        let percent = Double(sample.basisPoints) / 100
        attributes.append(.init("sample", "\(percent) % of \(names[sample.slot])"))
      }
      if !rule.suppressions.isEmpty {
        let all = rule.suppressions.map { "\(names[$0.slot])=\($0.value) until \(momentText($0.until))" }
        attributes.append(
          .init("suppress", all.count == 1 ? "1 key" : "\(all.count) keys", identity: "\(all)"))
      }
      attributes.append(.init("reason", text(of: rule.reason)))
      return Definition(name: rule.id, attributes: attributes)
    }
  }

  private func effect(of rule: Rule) -> [Definition.Attribute] {
    var attributes: [Definition.Attribute] = []
    if rule.score != 0 { attributes.append(.init("score", String(rule.score))) }
    if let decide = rule.decide { attributes.append(.init("decide", decide.rawValue)) }
    attributes.append(.init("status", rule.status.rawValue))
    attributes.append(.init("on_missing", rule.onMissing.rawValue))
    attributes.append(.init("on_error", rule.onError.rawValue))
    if let unavailable = rule.unavailable { attributes.append(.init("unavailable", unavailable.rawValue)) }
    return attributes
  }

  var ofLists: [Definition] {
    rules.lists.map { list in
      // Lists may be long: of their items a hash is enough, which need not outlive the process.
      var hasher = Hasher()
      for item in list.items { item.mix(into: &hasher) }
      return Definition(
        name: list.name,
        attributes: [
          .init(
            "items", list.count == 1 ? "1 item" : "\(list.count) items", identity: "\(hasher.finalize())")
        ])
    }
  }

  var ofFields: [Definition] {
    let types = [
      Definition(
        name: "event types", attributes: [.init("types", rules.schema.types.joined(separator: ", "))])
    ]
    let identity = rules.schema.identity
    let event = Definition(
      name: "event",
      attributes: [
        .init("id", identity.id), .init("type", identity.type.spelled), .init("time", identity.time),
        .init("reverses", identity.reverses ?? "nothing"), .init("amends", identity.amends ?? "nothing"),
      ])
    return types + [event]
      + rules.schema.fields.map { field in
        Definition(
          name: field.path,
          attributes: [
            .init("type", field.type.spelled), .init("required", "\(field.required)"),
            .init("sensitive", "\(field.sensitive)"), .init("volatile", "\(field.volatile)"),
            .init("as text", "\(field.asText)"),
            .init("missing", field.missing.isEmpty ? "nothing" : field.missing.joined(separator: ", ")),
            .init("from", field.network.map { "\($0.source), \($0.ipv6Bits) bits" } ?? "itself"),
          ])
      }
  }

  /// What `ruleset.yaml` says that decides anything.
  var ofWhole: [Definition] {
    var attributes = [
      Definition.Attribute("review", String(rules.thresholds.review)),
      Definition.Attribute("block", String(rules.thresholds.block)),
      Definition.Attribute("unavailable", rules.unavailable.rawValue),
      Definition.Attribute("max_lateness", DurationLiteral.text(rules.plan.latenessMillisecondsMax)),
    ]
    if let breaker = rules.breaker {
      attributes.append(
        .init(
          "breaker",
          "\(Double(breaker.basisPoints) / 100) % within \(DurationLiteral.text(breaker.withinMilliseconds)), from "
            + "\(breaker.decisionsMin) decisions on"))
    }
    return [Definition(name: "decision", attributes: attributes)]
  }

  private func typesText(_ mask: [Bool]) -> String {
    if mask.allSatisfy({ $0 }) { return "any" }
    return zip(rules.schema.types, mask).filter(\.1).map(\.0).joined(separator: ", ")
  }

  private func text(of template: ReasonTemplate) -> String {
    template.parts.map { part in
      switch part {
      case .text(let text): text
      case .value(let slot, _): "{\(names[slot])}"
      }
    }.joined()
  }

  private func momentText(_ milliseconds: Int64) -> String {
    Timestamp(milliseconds: milliseconds)?.rfc3339() ?? String(milliseconds)
  }

  private func canonical(_ source: String) -> String {
    guard let expression = try? Expression.parse(source) else { return source }
    return CanonicalText.of(expression)
  }
}

extension RuleSet {
  /// By slot: the name that authors know it by; a sensitive field's hash and a computed column under what they are made of.
  var slotNames: [String] {
    var names = Array(repeating: "", count: slotCount)
    for (slot, field) in schema.fields.enumerated() { names[slot] = field.path }
    for (offset, name) in ["event.id", "event.type", "event.time"].enumerated() {
      names[identitySlot + offset] = name
    }
    for hashed in hashedFields { names[hashed.slot] = schema.fields[hashed.source].path }
    for column in computedColumns { names[column.slot] = column.source.onOneLine }
    for feature in features { names[feature.slot] = feature.name }
    return names
  }
}

extension Value {
  fileprivate func mix(into hasher: inout Hasher) {
    switch self {
    case .string(let text): for byte in text.utf8 { hasher.combine(byte) }
    case .int(let number): hasher.combine(number)
    case .double(let number): hasher.combine(number.bitPattern)
    default: hasher.combine("\(self)")
    }
    hasher.combine(UInt8.max)
  }
}

extension String {
  /// The text with each run of blanks and line breaks as one blank.
  var onOneLine: String {
    split(whereSeparator: { $0 == " " || $0.isNewline || $0 == "\t" }).joined(separator: " ")
  }
}

extension Schema.TypeSource {
  fileprivate var spelled: String {
    switch self {
    case .field(let path): path
    case .always(let type): "always \(type)"
    }
  }
}

extension Schema.FieldType {
  /// As a schema file says it.
  fileprivate var spelled: String {
    switch self {
    case .string: "string"
    case .int: "int"
    case .double(let scale): scale == 9 ? "double" : "double, scale \(scale)"
    case .bool: "bool"
    case .timestamp(.iso8601): "timestamp"
    case .timestamp(.unixMilliseconds): "timestamp as unix_ms"
    case .ip: "ip"
    case .money(let minor, let currency): "money of \(minor) and \(currency)"
    case .enumeration(let members): "enum [\(members.joined(separator: ", "))]"
    case .list(let element): "list of \(element.spelled)"
    }
  }
}
