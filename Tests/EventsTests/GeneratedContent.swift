import CEL
import Events
import TestSupport

/// Random values for the fields of `RewardsSchema`, and random ways to write them as JSON.
struct GeneratedContent {
  /// By the schema's path.
  private(set) var values: [(path: String, value: FieldValue)] = []
  private(set) var reverses: String?
  private(set) var amends: String?
  let id: String
  let type: String
  let time: Int64
  let dryRun: Bool

  init(using random: inout SeededGenerator) {
    id = GeneratedContent.name(using: &random)
    type = RewardsSchema.types.randomElement(using: &random)!
    time = Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random)
    dryRun = Bool.random(using: &random)
    if Bool.random(using: &random) { reverses = GeneratedContent.name(using: &random) }
    if Bool.random(using: &random) { amends = GeneratedContent.name(using: &random) }
    let paid = Bool.random(using: &random)
    for field in RewardsSchema.fields where field.network == nil {
      let present = field.path == "payout.amount" ? paid : field.required || Bool.random(using: &random)
      if present { values.append((field.path, GeneratedContent.value(of: field.type, using: &random))) }
    }
    if paid {
      values.append(("payout.currency", .string(["EUR", "USD", "JPY"].randomElement(using: &random)!)))
    }
    values.shuffle(using: &random)
  }

  private static func name(using random: inout SeededGenerator) -> String {
    String(
      (0..<Int.random(in: 1...20, using: &random)).map { _ in "abc-ü/\"\\😀".randomElement(using: &random)! })
  }

  private static func value(of type: Schema.FieldType, using random: inout SeededGenerator) -> FieldValue {
    switch type {
    case .string:
      let count = Int.random(in: 0...30, using: &random)
      return .string(String((0..<count).map { _ in "xyzé\n\0\t\"\\/漢😀".randomElement(using: &random)! }))
    case .int, .money:
      return .int(Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random))
    case .double:
      if Bool.random(using: &random) { return .int(Int64.random(in: -1000...1000, using: &random)) }
      let number = Double(bitPattern: random.next())
      return .double(number.isFinite ? number : -0.0)
    case .bool: return .bool(Bool.random(using: &random))
    case .timestamp:
      let milliseconds = Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random)
      return .timestamp(Timestamp(milliseconds: milliseconds)!)
    case .ip:
      let groups = (0..<8).map { _ in String(UInt16(random.next() & 0xF0F), radix: 16) }
      return .string(groups.joined(separator: ":"))
    case .enumeration(let members):
      return .string((members + ["unheard of"]).randomElement(using: &random)!)
    case .list(let element):
      return .list(
        (0..<Int.random(in: 0...5, using: &random)).map { _ in value(of: element, using: &random) })
    }
  }

  /// The event by a builder.
  func built() throws -> Event {
    var builder = EventBuilder(RewardsSchema.decoder)
    for (path, value) in values { try builder.set(path, value) }
    return try builder.build(
      id: id, type: type, milliseconds: time, reverses: reverses, amends: amends, dryRun: dryRun)
  }

  /// The event as JSON: members in any order, nested or with dotted keys, spaced and escaped at random.
  func json(using random: inout SeededGenerator) -> String {
    var members: [(path: String, text: String)] = values.map { path, value in
      let field = RewardsSchema.fields.first { $0.path == path }
      let path = path == "payout.amount" ? "payout.amount_minor" : path
      return (path, json(value, field: field, using: &random))
    }
    members.append(("id", json(text: id, using: &random)))
    members.append(("type", json(text: type, using: &random)))
    members.append(("time", json(text: Timestamp(milliseconds: time)!.rfc3339(), using: &random)))
    if let reverses { members.append(("reverses", json(text: reverses, using: &random))) }
    if let amends { members.append(("amends", json(text: amends, using: &random))) }
    if dryRun { members.append(("dry_run", "true")) }
    members.append(("undeclared", #"[{"user.id":null},1e400]"#))
    var nested: [String: [String]] = [:]
    var top: [String] = []
    for member in members.shuffled(using: &random) {
      let segments = member.path.split(separator: ".", maxSplits: 1).map(String.init)
      if segments.count == 2, Bool.random(using: &random) {
        nested[segments[0], default: []].append(
          json(text: segments[1], using: &random) + ":" + member.text)
      } else {
        top.append(json(text: member.path, using: &random) + " : " + member.text)
      }
    }
    for (segment, inner) in nested.sorted(by: { $0.key < $1.key }) {
      top.append(json(text: segment, using: &random) + ":{" + inner.joined(separator: ",\t") + "}")
    }
    return "{\r\n" + top.shuffled(using: &random).joined(separator: " ,\n") + "}"
  }

  private func json(
    _ value: FieldValue, field: Schema.Field?, using random: inout SeededGenerator
  ) -> String {
    switch value {
    case .string(let text): return json(text: text, using: &random)
    case .int(let number): return field?.asText == true ? "\"\(number)\"" : "\(number)"
    case .double(let number): return field?.asText == true ? "\"\(number)\"" : "\(number)"
    case .bool(let truth): return "\(truth)"
    case .timestamp(let time):
      if field?.type == .timestamp(.unixMilliseconds) { return "\(time.milliseconds)" }
      return json(text: time.rfc3339(), using: &random)
    case .list(let elements):
      return "[" + elements.map { json($0, field: field, using: &random) }.joined(separator: ", ") + "]"
    }
  }

  private func json(text: String, using random: inout SeededGenerator) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" || Int.random(in: 0..<8, using: &random) == 0
      {
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Everything that an event says, for comparison whatever its arena's layout.
struct Content: Equatable {
  let identity: [String]
  let fields: [[String]]
  let digest: EventDigest

  init(_ event: Event) {
    func say(_ slot: Slot) -> [String] {
      switch slot.kind {
      case .string:
        [
          "\(slot.kind) \(slot.flags.rawValue)",
          String(decoding: event.frame.arena[slot.range], as: UTF8.self),
        ]
      case .list: ["list \(slot.flags.rawValue)"] + event.frame.slots[slot.range].flatMap(say)
      default: ["\(slot.kind) \(slot.flags.rawValue) \(slot.payload)"]
      }
    }
    identity =
      say(event.id) + say(event.reverses) + say(event.amends) + [
        "\(event.type) \(event.time) \(event.dryRun)"
      ]
    fields = event.frame.slots.prefix(20).map(say)
    digest = event.digest
  }
}
