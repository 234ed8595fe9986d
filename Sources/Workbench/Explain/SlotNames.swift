internal import CEL
internal import Events
package import RuleSets
internal import Windows

/// What a rule set's authors call the slots of a frame, and what may be shown of them.
package struct SlotNames: Sendable {
  private let names: [String]
  private let shown: ShownSlots

  /// The names of one rule set.
  package init(_ rules: RuleSet) {
    var names = Array(repeating: "", count: rules.slotCount)
    for (slot, field) in rules.schema.fields.enumerated() where names.indices.contains(slot) {
      names[slot] = field.path
    }
    for (offset, name) in ["event.id", "event.type", "event.time"].enumerated() {
      names[rules.identitySlot + offset] = name
    }
    for feature in rules.features { names[feature.slot] = feature.name }
    self.names = names
    shown = ShownSlots(rules)
  }

  /// The name that rules use.
  package func name(of slot: Int) -> String { names.indices.contains(slot) ? names[slot] : "slot \(slot)" }

  /// Whether its value must not be shown.
  package func isSensitive(_ slot: Int) -> Bool { !shown.contains(slot) }

  /// The slot with the currency of an amount of money; nil for what is no money, and where it must not be shown.
  package func currency(of slot: Int) -> Int? { shown.currency(of: slot) }
}
