internal import CEL
package import Events
package import RuleSets

/// When an event was and of which type, for a line about it.
package struct EventKind: Sendable {
  private let time: Int64
  private let type: String
  private let typeWidth: Int

  /// Of an event of the rule set.
  package init(_ event: borrowing Event, _ rules: RuleSet) {
    time = event.time
    let types = rules.schema.types
    type = types.indices.contains(event.type) ? types[event.type] : ""
    typeWidth = min(types.map(\.count).max() ?? 0, Self.widthMax)
  }

  /// Longer types push what follows them.
  private static let widthMax = 24

  /// The type, as wide as the widest, and the time in UTC.
  var text: String {
    type.padded(to: typeWidth) + "  " + (Timestamp(milliseconds: time)?.rfc3339() ?? "out of range")
  }
}
