internal import CEL
internal import RuleSets
internal import Windows

/// The names that a rule set gives to what the records of one entity hold.
package struct LogNames {
  private let types: [UInt32: String]
  private let columns: [UInt32: Name]
  private let currencyTags: Set<UInt32>

  private struct Name {
    let name: String
    let kind: ColumnPlan.Kind
    let isHashed: Bool
  }

  init(_ rules: RuleSet, entity: Int) {
    types = Dictionary(zip(rules.plan.typeTags, rules.schema.types)) { first, _ in first }
    let plan = rules.plan.entities[entity]
    let hashed = Dictionary(rules.hashedFields.map { ($0.slot, $0.source) }) { first, _ in first }
    let computed = Dictionary(rules.computedColumns.map { ($0.slot, $0.source) }) { first, _ in first }
    columns = Dictionary(
      plan.columns.map { column in
        let name = Self.name(of: column.slot, rules, hashed, computed)
        return (column.tag, Name(name: name, kind: column.kind, isHashed: hashed[column.slot] != nil))
      }
    ) { first, _ in first }
    currencyTags = Set(plan.features.compactMap { feature in feature.currency.map { plan.columns[$0].tag } })
  }

  private static func name(
    of slot: Int, _ rules: RuleSet, _ hashed: [Int: Int], _ computed: [Int: String]
  ) -> String {
    let fields = rules.schema.fields
    if slot < fields.count { return fields[slot].path }
    if let source = hashed[slot], source < fields.count { return fields[source].path }
    let own = ["event.id", "event.type", "event.time"]
    if own.indices.contains(slot - rules.identitySlot) { return own[slot - rules.identitySlot] }
    return computed[slot] ?? "slot \(slot)"
  }

  /// An event type by its tag; the tag where another rule set wrote it.
  func type(_ tag: UInt32) -> String { types[tag] ?? Self.shown(tag) }

  /// A column with its name and value; nil where it is missing.
  func column(_ column: LogRecord.Column) -> EntityState.Column? {
    guard column.value != .missing else { return nil }
    let name = columns[column.tag]
    return EntityState.Column(
      name: name?.name ?? Self.shown(column.tag), value: Self.value(column.value, name?.kind),
      isHashed: name?.isHashed ?? false)
  }

  /// The currencies of the records, in the order of their bytes.
  func currencies(_ records: ArraySlice<LogRecord>) -> [[UInt8]] {
    var found: Set<[UInt8]> = []
    for column in records.flatMap(\.columns) where currencyTags.contains(column.tag) {
      if case .text(let text) = column.value { found.insert(text) }
    }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private static func shown(_ tag: UInt32) -> String { "#" + String(tag, radix: 16) }

  /// What a column of this kind says.
  static func value(_ value: LogRecord.Value, _ kind: ColumnPlan.Kind?) -> Decision.FeatureValue.Value {
    switch value {
    case .missing: .missing
    case .failure: .text("failed")
    case .bool(let value): .bool(value)
    case .integer(let number): Self.number(number, kind)
    case .text(let bytes): .text(Self.text(bytes))
    case .digest: .text("(long text)")
    }
  }

  private static func number(_ number: Int64, _ kind: ColumnPlan.Kind?) -> Decision.FeatureValue.Value {
    switch kind {
    case .quantised(let scale)?:
      var power = 1.0
      for _ in 0..<scale { power *= 10 }
      return .double(Double(number) / power)
    case .timestamp?: return .timestamp(number)
    case .duration?: return .duration(number)
    default: return .int(number)
    }
  }

  /// Text as it is, other bytes, which a keyed hash has, in hexadecimal digits.
  package static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self), bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
      return text
    }
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

/// What the records of a log say of each other.
struct LogMarks {
  private var firsts: [[UInt8]: Int] = [:]
  private var reversed: Set<[UInt8]> = []
  private var amended: Set<[UInt8]> = []
  private var excluded: Set<[UInt8]> = []
  private var voided: Set<VoidedRecord> = []

  private struct VoidedRecord: Hashable {
    let id: [UInt8]
    let nonce: UInt32
  }

  init(_ records: [LogRecord]) {
    for record in records where record.kind == .void {
      voided.insert(VoidedRecord(id: record.target, nonce: record.nonce))
    }
    for (index, record) in records.enumerated() {
      switch record.kind {
      case .event where !voided.contains(VoidedRecord(id: record.id, nonce: record.nonce)):
        guard firsts[record.id] == nil else { continue }
        firsts[record.id] = index
        if record.reverses { reversed.insert(record.target) }
        if record.amends { amended.insert(record.target) }
      case .exclusion: excluded.insert(record.target)
      default: break
      }
    }
  }

  /// What is to be known of a record that it does not say itself.
  func of(_ index: Int, _ record: LogRecord) -> [String] {
    guard record.kind == .event else { return [] }
    if voided.contains(VoidedRecord(id: record.id, nonce: record.nonce)) { return ["void"] }
    if firsts[record.id] != index { return ["repeated"] }
    return [
      reversed.contains(record.id) ? "reversed" : nil, amended.contains(record.id) ? "amended" : nil,
      excluded.contains(record.id) ? "blocked" : nil,
    ].compactMap { $0 }
  }
}
