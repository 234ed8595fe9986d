internal import Assay
internal import Events
internal import RuleSets

/// The money fields of a schema, without those whose currency nobody may see: they cannot be added up.
struct MoneyFields {
  struct Field {
    let path: String
    let slot: Int
    /// Nil for what is no money.
    let currencySlot: Int?
  }

  let fields: [Field]

  /// All of them, or the one field that somebody chose, which may be a whole number too.
  init(of rules: RuleSet, chosen: AmountField? = nil) {
    let shown = ShownSlots(rules)
    if let path = chosen?.path, let slot = rules.schema.slot(of: path) {
      fields = [Field(path: path, slot: slot, currencySlot: shown.currency(of: slot))]
      return
    }
    fields = rules.schema.fields.enumerated().compactMap { slot, field in
      guard let currencySlot = shown.currency(of: slot) else { return nil }
      return Field(path: field.path, slot: slot, currencySlot: currencySlot)
    }
  }

  /// What an event carries.
  func amounts(in examined: borrowing ExaminedDecision) -> [Amount] {
    var amounts: [Amount] = []
    for field in fields {
      guard case .int(let minor) = examined.value(of: field.slot) else { continue }
      var currency = ""
      if let slot = field.currencySlot, case .text(let text) = examined.value(of: slot) { currency = text }
      amounts.append(
        Amount(
          kind: Amount.Kind(field: field.path, currency: currency, isMoney: field.currencySlot != nil),
          minor: minor))
    }
    return amounts
  }
}

/// An amount in minor units.
struct Amount: Hashable, Sendable {
  /// What may be added up: the same field in the same currency.
  struct Kind: Hashable, Sendable, Comparable {
    let field: String
    /// Empty where the event has none.
    let currency: String
    /// False for a whole number that somebody chose as amount.
    var isMoney = true

    static func < (left: Self, right: Self) -> Bool {
      (left.field, left.currency) < (right.field, right.currency)
    }
  }

  let kind: Kind
  let minor: Int64
}

/// Sums of amounts, by field and currency, never across. Currencies come from outside: beyond `kindsMax` of them
/// amounts are counted and not summed.
struct AmountTotals: Sendable, Equatable {
  static let kindsMax = 64

  private(set) var sums: [Amount.Kind: Int128] = [:]
  private(set) var otherCount = 0

  mutating func add(_ amounts: [Amount]) {
    for amount in amounts {
      if sums[amount.kind] == nil && sums.count >= Self.kindsMax {
        otherCount += 1
      } else {
        sums[amount.kind, default: 0] += Int128(amount.minor)
      }
    }
  }

  /// What was summed of a kind.
  func sum(_ kind: Amount.Kind) -> Int128 { sums[kind] ?? 0 }

  mutating func merge(_ other: AmountTotals) {
    for (kind, sum) in other.sums { sums[kind, default: 0] += sum }
    otherCount += other.otherCount
  }

  /// `123.00 EUR, 5.00 USD`; with the fields' names where `namesFields`.
  func text(namesFields: Bool) -> String { texts(namesFields: namesFields).joined(separator: ", ") }

  /// The same, each sum by itself.
  func texts(namesFields: Bool) -> [String] {
    var parts = sums.sorted { $0.key < $1.key }.map { kind, sum in
      (namesFields ? kind.field + " " : "") + kind.text(sum)
    }
    if otherCount > 0 { parts.append("\(otherCount) amounts in other currencies") }
    return parts
  }

  var json: JSONValue {
    .array(
      sums.sorted { $0.key < $1.key }.map { kind, sum in
        .object([
          .init("field", .string(kind.field)), .init("currency", .string(kind.currency)),
          .init("minor_units", .number(String(sum))),
        ])
      })
  }
}

extension Amount.Kind {
  /// So much of it, given in minor units.
  func text(_ minor: Int128) -> String {
    MoneyText.text(minor, currency) + (currency.isEmpty && isMoney ? " without currency" : "")
  }
}

extension Amount {
  /// `15.00 EUR`.
  var text: String { kind.text(Int128(minor)) }
}
