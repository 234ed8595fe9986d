import CEL
import Events
import Testing

/// A schema with one field of each type, and short ways to decode with it.
enum RewardsSchema {
  static let identity = Schema.Identity(
    id: "id", type: .field("type"), time: "time", timeFormat: .iso8601, reverses: "reverses", amends: "amends"
  )

  static let fields: [Schema.Field] = [
    .init(path: "user.id", type: .string, required: true),
    .init(path: "user.level", type: .int),
    .init(path: "user.ratio", type: .double(scale: 4)),
    .init(path: "user.verified", type: .bool),
    .init(path: "user.joined", type: .timestamp(.iso8601)),
    .init(path: "device.seen_at", type: .timestamp(.unixMilliseconds), volatile: true),
    .init(path: "device.build", type: .int, asText: true),
    .init(path: "device.score", type: .double(scale: 2), asText: true),
    .init(path: "ip", type: .ip),
    .init(path: "ip_network", type: .ip, network: .init(source: "ip", ipv6Bits: 60)),
    .init(path: "payout.amount", type: .money(minor: "payout.amount_minor", currency: "payout.currency")),
    .init(path: "payout.receiver", type: .string, sensitive: true),
    .init(path: "network", type: .enumeration(["admob", "applovin"]), missing: ["UNEVALUATED", "none"]),
    .init(path: "verdict.labels", type: .list(.enumeration(["BASIC", "STRONG"]))),
    .init(path: "tags", type: .list(.string)),
    .init(path: "steps", type: .list(.int)),
  ]

  static let types = ["reward.granted", "reward.reversed", "payout.requested"]
  static let schema = Schema(identity: identity, types: types, fields: fields)
  static let decoder = EventDecoder(schema: schema, slotCount: 20)

  /// An event with `members` behind what every event needs.
  static func json(_ members: String = "") -> String {
    let head = #"{"id":"e-1","type":"reward.granted","time":"2024-05-01T10:00:00Z","user.id":"u-1""#
    return head + (members.isEmpty ? "" : "," + members) + "}"
  }

  static func event(_ members: String = "") throws -> Event {
    try decode(Array(json(members).utf8))
  }

  static func decode(_ bytes: [UInt8]) throws -> Event { try decoder.decode(bytes.span) }

  /// Why `bytes` are refused.
  static func refusal(_ bytes: [UInt8]) -> DecodeError? {
    do {
      _ = try decoder.decode(bytes.span)
      return nil
    } catch {
      return error
    }
  }

  static func refusal(_ members: String) -> DecodeError? { refusal(Array(json(members).utf8)) }
}

extension Event {
  /// The slot of the field at `path`.
  func slot(_ path: String, _ schema: Schema = RewardsSchema.schema) throws -> Slot {
    frame.slots[try #require(schema.slot(of: path))]
  }

  /// The text of a slot.
  func text(_ slot: Slot) throws -> String {
    try #require(slot.kind == .string)
    return String(decoding: frame.arena[slot.range], as: UTF8.self)
  }

  func text(_ path: String) throws -> String { try text(slot(path)) }
}
