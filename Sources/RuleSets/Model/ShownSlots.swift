internal import Events
internal import Windows

/// What may be shown of an event's frame: no sensitive field, none of the hashes that stand for them, and nothing that
/// tells of them. The one answer for every explanation, sum and report.
package struct ShownSlots: Sendable {
  private let isHidden: [Bool]
  /// By slot of an amount of money: where its currency is.
  private let currencies: [Int: Int]

  /// The answer for the events of one rule set.
  package init(_ rules: RuleSet) {
    let fields = rules.schema.fields
    var isHidden = Array(repeating: false, count: max(rules.slotCount, fields.count))
    var currencies: [Int: Int] = [:]
    for (slot, field) in fields.enumerated() {
      isHidden[slot] = field.sensitive
      if case .money(_, let currency) = field.type { currencies[slot] = rules.schema.slot(of: currency) }
    }
    for hashed in rules.hashedFields { isHidden[hashed.slot] = true }
    for feature in rules.features {
      isHidden[feature.slot] = feature.sensitive
      let entity = rules.plan.entities[feature.entity]
      if let currency = entity.features[feature.index].currency {
        currencies[feature.slot] = entity.columns[currency].slot
      }
    }
    self.isHidden = isHidden
    self.currencies = currencies
  }

  /// Whether the value may be shown; not where there is no such slot.
  package func contains(_ slot: Int) -> Bool { isHidden.indices.contains(slot) && !isHidden[slot] }

  /// Whether the slot has an amount of money, be it a field or a feature.
  package func isMoney(_ slot: Int) -> Bool { currencies[slot] != nil }

  /// The slot with the currency of an amount of money; nil for what is no money, and where the currency may not be
  /// shown. Such an amount is a number without a unit: it can be shown, and not be added to another.
  package func currency(of slot: Int) -> Int? { currencies[slot].flatMap { contains($0) ? $0 : nil } }
}
