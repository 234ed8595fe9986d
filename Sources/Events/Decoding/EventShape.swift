internal import CXXHash
internal import CEL

/// A schema compiled for decoding and building.
final class EventShape: Sendable {
  let schema: Schema
  let slotCount: Int
  /// One for each field, in the order of the slots.
  let plans: [FieldPlan]
  /// The JSON paths that are looked for; `FieldPlan.member` and `identity` are indices into it.
  let members: [Member]
  let identity: IdentityMembers
  let types: NameTable
  /// The hashes of the types' names, which enter the content digest.
  let typeHashes: [UInt64]
  /// The members of enumerations, and the texts that stand for absence.
  let enumerations: [NameTable]
  let money: [MoneyPair]
  /// The fields of the content digest, in the order in which they enter it.
  let digestOrder: [DigestEntry]
  /// The type of all events, where they carry none.
  let fixedType: Int?
  /// How events write their time.
  let timeFormat: Schema.TimeFormat

  /// One path in the JSON. Several fields, and the identity, may read the same one.
  struct Member: Sendable {
    let path: String
    var isList: Bool
  }

  /// Where the members that every event has are; -1 where the schema has none.
  struct IdentityMembers: Sendable {
    let id: Int
    let type: Int
    let time: Int
    let reverses: Int
    let amends: Int
    let dryRun: Int
    let contentDigest: Int
  }

  /// The slots of an amount and of its currency.
  struct MoneyPair: Sendable {
    let amount: Int
    let currency: Int
  }

  /// A field of the content digest.
  struct DigestEntry: Sendable {
    let slot: Int
    let pathHash: UInt64
  }

  init(schema: Schema, slotCount: Int) {
    self.schema = schema
    self.slotCount = max(slotCount, schema.fields.count)
    var members = MemberList()
    let source = schema.identity
    timeFormat = source.timeFormat
    var type = -1
    switch source.type {
    case .field(let path):
      type = members.index(of: path)
      fixedType = nil
    case .always(let name): fixedType = schema.types.firstIndex(of: name)
    }
    identity = IdentityMembers(
      id: members.index(of: source.id), type: type, time: members.index(of: source.time),
      reverses: source.reverses.map { members.index(of: $0) } ?? -1,
      amends: source.amends.map { members.index(of: $0) } ?? -1, dryRun: members.index(of: "dry_run"),
      contentDigest: members.index(of: EventShape.contentDigestMember))
    money = EventShape.moneyPairs(schema)
    var plans: [FieldPlan] = []
    var enumerations: [NameTable] = []
    for (slot, field) in schema.fields.enumerated() {
      let names = field.type.enumerationMembers
      if let names { enumerations.append(NameTable(names)) }
      let scalar = FieldPlan.Scalar(field.type)
      let isList = field.type.isList
      plans.append(
        FieldPlan(
          member: members.index(of: field.jsonPath, isList: isList), scalar: scalar, isList: isList,
          isRequired: field.required, isNumberAsText: field.asText && scalar.isNumber,
          isCurrency: money.contains { $0.currency == slot },
          enumeration: names == nil ? -1 : enumerations.count - 1,
          missing: field.missing.isEmpty ? -1 : enumerations.count,
          ipv6Bits: field.network?.ipv6Bits ?? 128))
      if !field.missing.isEmpty { enumerations.append(NameTable(field.missing)) }
    }
    self.plans = plans
    self.enumerations = enumerations
    self.members = members.members
    types = NameTable(schema.types)
    typeHashes = schema.types.map { EventShape.hash(Array($0.utf8)) }
    digestOrder = EventShape.digestOrder(schema)
  }

  private static func moneyPairs(_ schema: Schema) -> [MoneyPair] {
    schema.fields.enumerated().compactMap { slot, field in
      guard case .money(_, let currency) = field.type else { return nil }
      return schema.slot(of: currency).map { MoneyPair(amount: slot, currency: $0) }
    }
  }

  /// By the bytes of the path, so that moving a field in the schema changes no digest.
  private static func digestOrder(_ schema: Schema) -> [DigestEntry] {
    schema.fields.enumerated()
      .filter { !$0.element.volatile && $0.element.network == nil }
      .map { (slot: $0.offset, path: Array($0.element.path.utf8)) }
      .sorted { $0.path.lexicographicallyPrecedes($1.path) }
      .map { DigestEntry(slot: $0.slot, pathHash: hash($0.path)) }
  }

  static func hash(_ name: [UInt8]) -> UInt64 {
    unsafe name.withUnsafeBufferPointer { unsafe cxxhash_64($0.baseAddress, $0.count, 0) }
  }
}

/// The different paths of a schema, each once.
private struct MemberList {
  private(set) var members: [EventShape.Member] = []

  mutating func index(of path: String, isList: Bool = false) -> Int {
    if let index = members.firstIndex(where: { $0.path == path }) {
      members[index].isList = members[index].isList || isList
      return index
    }
    members.append(EventShape.Member(path: path, isList: isList))
    return members.count - 1
  }
}

extension Schema.Field {
  /// Where the value stands in the JSON.
  package var jsonPath: String {
    if let network { return network.source }
    return if case .money(let minor, _) = type { minor } else { path }
  }
}

extension Schema.FieldType {
  var isList: Bool {
    if case .list = self { true } else { false }
  }

  /// The listed members of an enumeration, or of a list of it.
  var enumerationMembers: [String]? {
    switch self {
    case .enumeration(let members): members
    case .list(let element): element.enumerationMembers
    default: nil
    }
  }
}
