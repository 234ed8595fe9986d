internal import CEL
internal import Events
internal import RuleSets
internal import Windows

/// What is said of each feature, with its columns named by what is recorded in them.
extension RuleDefinitions {
  var ofFeatures: [Definition] {
    rules.features.map { feature in
      let entity = rules.plan.entities[feature.entity]
      let plan = entity.features[feature.index]
      var attributes: [Definition.Attribute] = []
      if let value = plan.value {
        attributes.append(column(plan.aggregation.rawValue, value, entity))
      } else {
        attributes.append(.init("computes", plan.aggregation.rawValue))
      }
      attributes.append(.init("of", countedTypes(plan.types)))
      if let condition = plan.condition { attributes.append(column("where", condition, entity)) }
      attributes.append(.init("by", key(of: entity)))
      attributes += window(of: plan)
      if feature.exported { attributes.append(.init("export", "true")) }
      return Definition(name: feature.name, attributes: attributes)
    }
  }

  private func window(of plan: FeaturePlan) -> [Definition.Attribute] {
    var attributes: [Definition.Attribute] = []
    if let over = plan.overMilliseconds { attributes.append(.init("over", DurationLiteral.text(over))) }
    if let last = plan.last { attributes.append(.init("last", String(last))) }
    if plan.delayMilliseconds > 0 {
      attributes.append(.init("delay", DurationLiteral.text(plan.delayMilliseconds)))
    }
    if !plan.includesCurrent && plan.delayMilliseconds == 0 {
      attributes.append(.init("including_current", "false"))
    }
    if plan.countsAcceptedOnly { attributes.append(.init("counting", "accepted")) }
    if let panes = plan.panes {
      attributes.append(.init("precision", "\(panes) panes"))
    } else {
      attributes.append(.init("limit", String(plan.limit)))
    }
    if let empty = plan.empty {
      attributes.append(.init("empty", "another value", identity: "\(empty.kind) \(empty.payload)"))
    }
    return attributes
  }

  /// The tag says whether two rule sets record the same.
  private func column(_ name: String, _ index: Int, _ entity: EntityPlan) -> Definition.Attribute {
    let column = entity.columns[index]
    return .init(name, names[column.slot], identity: "\(column.tag)")
  }

  private func key(of entity: EntityPlan) -> String {
    entity.keySlots.map { names[$0] }.joined(separator: ", ")
  }

  private func countedTypes(_ tags: [UInt32]?) -> String {
    guard let tags else { return "any" }
    let types = zip(rules.schema.types, rules.plan.typeTags).filter { tags.contains($0.1) }.map(\.0)
    return types.joined(separator: ", ")
  }
}
