internal import Events
internal import RuleSets
internal import Windows

extension RuleSet {
  /// The field whose different values a feature counts; nil for any other feature, and where it counts what is computed.
  func distinctField(of feature: Feature) -> Schema.Field? {
    let entity = plan.entities[feature.entity]
    let counted = entity.features[feature.index]
    guard counted.aggregation == .distinct, let value = counted.value, entity.columns.indices.contains(value)
    else { return nil }
    let slot = entity.columns[value].slot
    let source = hashedFields.first { $0.slot == slot }?.source ?? slot
    return schema.fields.indices.contains(source) ? schema.fields[source] : nil
  }
}

extension Schema.Field {
  /// So many different values, as YAML; nil for a field that has none to choose from.
  func examples(_ count: Int) -> [String]? {
    guard !asText else { return nil }
    switch type {
    case .string: return (1...count).map { "example-\($0)" }
    case .int: return (1...count).map(String.init)
    case .ip: return count < 255 ? (1...count).map { "192.0.2.\($0)" } : nil
    default: return nil
    }
  }
}
