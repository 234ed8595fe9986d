internal import CEL
internal import Events

/// Finds amounts of money compared with a number that has decimal places: an amount is a whole number of minor units,
/// so that `15.00` would be fifteen cents.
struct MoneyCheck {
  private let findings: Findings
  private let moneySlots: Set<Int>

  /// For expressions over the event, and over features where they are given.
  init(
    _ schema: CompiledSchema, features: (names: CompiledFeatures, slots: PlanAssembler)? = nil,
    _ findings: Findings
  ) {
    self.findings = findings
    var slots = Set(
      schema.schema.fields.indices.filter { slot in
        if case .money = schema.schema.fields[slot].type { true } else { false }
      })
    if let (names, assembler) = features {
      for (index, feature) in names.names.enumerated() where feature.isMoney && feature.type == .int {
        slots.insert(assembler.featureSlot(index))
      }
    }
    moneySlots = slots
  }

  func check(_ checked: CheckedExpression, _ source: SourceString) {
    guard checked.slots.contains(where: moneySlots.contains) else { return }
    for node in checked.expression.nodes {
      guard case .call(let function, nil, let arguments) = node.kind, arguments.count == 2,
        Self.comparisons.contains(function)
      else { continue }
      for (value, other) in [(arguments[0], arguments[1]), (arguments[1], arguments[0])]
      where isMoney(value, checked) {
        for (place, number) in Self.decimals(other, checked) {
          report(value, number, place, checked, source)
        }
      }
    }
  }

  private static let comparisons: Set = [
    Operator.equal, Operator.notEqual, Operator.less, Operator.lessOrEqual, Operator.greater,
    Operator.greaterOrEqual, Operator.within,
  ]

  /// An amount, or a sum or difference of amounts; as deep as expressions are.
  private func isMoney(_ id: NodeID, _ checked: CheckedExpression) -> Bool {
    if case .variable(let slot)? = checked.references[Int(id.index)] { return moneySlots.contains(slot) }
    guard case .call(Operator.add, nil, let sides) = checked.expression[id].kind else {
      guard case .call(Operator.subtract, nil, let sides) = checked.expression[id].kind else { return false }
      return sides.allSatisfy { isMoney($0, checked) }
    }
    return sides.allSatisfy { isMoney($0, checked) }
  }

  /// Numbers with decimal places: the node itself, or those of a list.
  private static func decimals(
    _ id: NodeID, _ checked: CheckedExpression
  ) -> [(place: NodeID, number: Double)] {
    switch checked.expression[id].kind {
    case .literal(.double(let number)): [(id, number)]
    case .list(let elements):
      elements.compactMap { element in
        guard case .literal(.double(let number)) = checked.expression[element].kind else { return nil }
        return (element, number)
      }
    default: []
    }
  }

  private func report(
    _ value: NodeID, _ number: Double, _ place: NodeID, _ checked: CheckedExpression, _ source: SourceString
  ) {
    let bytes = Array(source.value.utf8)
    func text(_ id: NodeID) -> String {
      let span = checked.expression[id].span.clamped(to: bytes.indices)
      return SourceNode.shortened(String(decoding: bytes[span], as: UTF8.self))
    }
    let hundredths = (number * 100).rounded()
    let isPlain = abs(number * 100 - hundredths) < 1e-6 && abs(hundredths) < 1e15
    let (decimal, minor) = isPlain ? (text(place), Int64(hundredths)) : ("15.00", 1_500)
    findings.error(
      .minorUnits, at: findings.place(checked.expression[place].span, of: source),
      "`\(text(value))` is in minor units and `\(text(place))` is not",
      hint: "write `\(minor)` for \(decimal) in a currency with two decimal places")
  }
}
