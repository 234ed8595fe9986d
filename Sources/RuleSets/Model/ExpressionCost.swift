internal import CEL
internal import Events
internal import Windows

/// The bound on the steps of one rule's or feature's expressions.
package struct ExpressionCost: Sendable, Hashable {
  /// Whose expressions they are.
  package enum Owner: String, Sendable, Hashable, CaseIterable { case rule, feature }

  package let owner: Owner
  /// The rule's id or the feature's name.
  package let name: String
  /// Nil where nothing bounds them.
  package let stepsMax: Int?
}

extension RuleSet {
  /// The bounds of all rules and of the features that compute a condition or a value, the greatest first. A feature has the
  /// sum of its two.
  package var expressionCosts: [ExpressionCost] {
    let environment = costEnvironment
    var costs = rules.map { rule in
      ExpressionCost(owner: .rule, name: rule.id, stepsMax: rule.condition.stepsBound(in: environment))
    }
    let columns = Dictionary(
      computedColumns.map { ($0.slot, $0.program.stepsBound(in: environment)) }, uniquingKeysWith: { $1 })
    for feature in features {
      let entity = plan.entities[feature.entity]
      let plan = entity.features[feature.index]
      let bounds = [plan.condition, plan.value].compactMap { $0 }.compactMap {
        columns[entity.columns[$0].slot]
      }
      guard !bounds.isEmpty else { continue }
      let known = bounds.compactMap { $0 }
      let sum = known.reduce(0) { $0.addingReportingOverflow($1).partialValue }
      costs.append(
        ExpressionCost(owner: .feature, name: feature.name, stepsMax: known.count == bounds.count ? sum : nil)
      )
    }
    return costs.sorted {
      ($1.stepsMax ?? .max, $0.owner.rawValue, $0.name) < ($0.stepsMax ?? .max, $1.owner.rawValue, $1.name)
    }
  }

  /// Types and sizes of every slot; names do not matter once a program is made.
  private var costEnvironment: Environment {
    var variables = schema.fields.enumerated().map { slot, field in
      Environment.Variable(name: field.path, type: field.type.celType, slot: slot)
    }
    for (offset, type) in [CELType.string, .string, .timestamp].enumerated() {
      variables.append(Environment.Variable(name: "", type: type, slot: identitySlot + offset))
    }
    variables += features.map { Environment.Variable(name: $0.name, type: $0.type, slot: $0.slot) }
    return Environment(variables: variables, sizes: InputSizes(of: schema))
  }
}

extension InputSizes {
  /// Those that the decoder of events keeps; an event's id and a type's name are shorter than other text.
  init(of schema: Schema) {
    let texts = EventLimits.textBytesMax
    self.init(usual: Extent(textBytesMax: texts, elementsMax: EventLimits.listElementsMax))
    bySlot[schema.fields.count] = Extent(textBytesMax: EventLimits.idBytesMax)
    bySlot[schema.fields.count + 1] = Extent(textBytesMax: RuleSetLimits.nameBytesMax)
    for (slot, field) in schema.fields.enumerated() where field.type == .ip {
      bySlot[slot] = Extent(textBytesMax: Self.addressBytesMax)
    }
  }

  /// Of an IPv6 address with an IPv4 one at its end.
  private static let addressBytesMax = 45
}
