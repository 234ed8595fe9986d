internal import CEL
internal import Events
package import RuleSets
internal import Windows

/// What a rule set's authors call the slots of a frame, and what may be shown of them.
package struct SlotNames: Sendable {
  private let names: [String]
  private let isSensitive: [Bool]
  /// By slot of an amount of money: where its currency is.
  private let currencies: [Int: Int]

  /// The names of one rule set.
  package init(_ rules: RuleSet) {
    let fields = rules.schema.fields
    var names = Array(repeating: "", count: rules.slotCount)
    var isSensitive = Array(repeating: false, count: rules.slotCount)
    var currencies: [Int: Int] = [:]
    for (slot, field) in fields.enumerated() where names.indices.contains(slot) {
      names[slot] = field.path
      isSensitive[slot] = field.sensitive
      if case .money(_, let currency) = field.type { currencies[slot] = rules.schema.slot(of: currency) }
    }
    for (offset, name) in ["event.id", "event.type", "event.time"].enumerated() {
      names[rules.identitySlot + offset] = name
    }
    for hashed in rules.hashedFields { isSensitive[hashed.slot] = true }
    for feature in rules.features {
      names[feature.slot] = feature.name
      isSensitive[feature.slot] = feature.sensitive
      let entity = rules.plan.entities[feature.entity]
      if let currency = entity.features[feature.index].currency {
        currencies[feature.slot] = entity.columns[currency].slot
      }
    }
    self.names = names
    self.isSensitive = isSensitive
    self.currencies = currencies
  }

  /// The name that rules use.
  package func name(of slot: Int) -> String { names.indices.contains(slot) ? names[slot] : "slot \(slot)" }

  /// Whether its value must not be shown.
  package func isSensitive(_ slot: Int) -> Bool { isSensitive.indices.contains(slot) && isSensitive[slot] }

  /// The slot with the currency of an amount of money; nil for what is no money.
  package func currency(of slot: Int) -> Int? { currencies[slot] }
}
