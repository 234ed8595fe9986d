internal import CEL
internal import Events
package import RuleSets

/// Which field of an event is the money at stake.
package struct AmountField: Sendable {
  /// The field's path; nil where the schema declares no money and none was named.
  package let path: String?
  private let slots: [(amount: Int, currency: Int?)]

  /// Why a field is no amount.
  package struct Fault: Error, Hashable, Sendable {
    package let message: String
    package let hint: String
  }

  /// The money fields of `rules` in the order of the schema, of which the first that an event has is its amount; without
  /// those whose currency may not be shown.
  package init(of rules: RuleSet) {
    let shown = ShownSlots(rules)
    slots = rules.schema.fields.indices.compactMap { slot in
      shown.currency(of: slot).map { (amount: slot, currency: $0) }
    }
    let paths = slots.map { rules.schema.fields[$0.amount].path }
    path = paths.isEmpty ? nil : paths.joined(separator: ", ")
  }

  /// The field that the author names: money, or a whole number without a currency.
  package init(_ path: String, of rules: RuleSet) throws(Fault) {
    let schema = rules.schema
    guard let slot = schema.slot(of: path) else {
      let near = DidYouMean.nearest(to: path, among: schema.fields.map(\.path))
      throw Fault(
        message: "there is no field `\(path)`",
        hint: near.map { "did you mean `\($0)`?" }
          ?? "name a field that the schema declares as `money` or `int`")
    }
    self.path = path
    switch schema.fields[slot].type {
    case .int: slots = [(slot, nil)]
    case .money(_, let currency):
      guard let shown = ShownSlots(rules).currency(of: slot) else {
        throw Fault(
          message: "`\(path)` cannot be added up: its currency `\(currency)` is sensitive",
          hint: "name another field, or take `sensitive` out of `\(currency)`")
      }
      slots = [(slot, shown)]
    default:
      throw Fault(
        message: "`\(path)` is no amount: it is neither `money` nor `int`",
        hint: "name a field that the schema declares as `money` or `int`")
    }
  }

  /// What is at stake in one event.
  struct Found {
    /// In minor units.
    let amount: Int64
    /// Where the currency stands in the arena; nil where the amount has none.
    let currency: Range<Int>?
    /// The event has another field of money besides.
    let hasFurther: Bool
  }

  /// The first of the fields that the event has; nil where it has none, or money without a currency.
  func amount(of event: borrowing Event) -> Found? {
    var found: Found?
    for (amount, currency) in slots {
      let value = event.frame.slots[amount]
      guard value.kind == .int else { continue }
      if let first = found {
        return Found(amount: first.amount, currency: first.currency, hasFurther: true)
      }
      guard let currency else { return Found(amount: value.integer, currency: nil, hasFurther: false) }
      let name = event.frame.slots[currency]
      guard name.kind == .string else { continue }
      found = Found(amount: value.integer, currency: name.range, hasFurther: false)
    }
    return found
  }
}

/// The currencies of a stream, in the order in which they come; amounts are never summed across them.
package struct Currencies: Sendable {
  /// Currencies that are told apart; the amounts of further ones are left out, and their events counted.
  package static let countMax = 64
  private var names: [[UInt8]] = []

  /// How many there are.
  package var count: Int { names.count }

  /// The name of the currency numbered `index`; empty for amounts without one.
  package subscript(index: Int) -> String { String(decoding: names[index], as: UTF8.self) }

  /// The number of the currency that stands in `arena` at `range`, an empty name for nil; nil where there are too many.
  mutating func index(of range: Range<Int>?, in arena: [UInt8]) -> Int? {
    let name = range.map { arena[$0] } ?? []
    if let index = names.firstIndex(where: { $0.elementsEqual(name) }) { return index }
    guard names.count < Self.countMax else { return nil }
    names.append(Array(name))
    return names.count - 1
  }
}
