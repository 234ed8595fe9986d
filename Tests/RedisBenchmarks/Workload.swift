import Assay
import CEL
import Events
import Foundation
import RuleSets
import TestSupport
import Windows

/// Payouts with four entities each and twelve features, three of each entity, at random among so many of each.
struct Workload {
  let rules: RuleSet
  let events: [[UInt8]]
  /// Between two events of one entity, on average; so that as many rules fire however many entities there are.
  private static let entityGapMilliseconds: Int64 = 30_000_000

  /// - Parameters:
  ///   - entities: how many players, devices, addresses and receivers there are.
  ///   - label: begins each event's id, so that processes have ids of their own.
  ///   - player: the players whose events these are; all unless said otherwise.
  init(
    events count: Int, entities: Int = 2_000, seed: UInt64 = 1, label: String = "e",
    player: (Int) -> Bool = { _ in true }
  ) throws {
    rules = try RuleSet.fromFiles(Self.files)
    var random = SeededGenerator(seed: seed)
    var time: Int64 = 1_767_600_000_000
    let players = (0..<entities).filter(player)
    var events: [[UInt8]] = []
    for number in 0..<count {
      time += Self.entityGapMilliseconds / Int64(entities)
      let user = players[Int.random(in: players.indices, using: &random)]
      let device = user
      let ip = Int.random(in: 0..<entities, using: &random)
      let receiver = Int.random(in: 0..<entities, using: &random)
      let json = """
        {"id":"\(label)-\(1_000_000 + number)","type":"payout","ts":\(time),"user":{"id":"player-\(10_000 + user)"},\
        "device":{"id":"9f3ac2d4-device-\(10_000 + device)"},"ip":"10.1.\(ip / 250).\(ip % 250)",\
        "receiver":"receiver-\(10_000 + receiver)@example.com","amount":\(100 + Int.random(in: 0..<900, using: &random))}
        """
      events.append(Array(json.utf8))
    }
    self.events = events
  }

  private static let files = [
    "ruleset.yaml": "ruleset: bench\ndecision: {review: 40, block: 80}\n",
    "schema.yaml": """
    event: {id: id, type: type, time: {field: ts, as: unix_ms}}
    types: [payout]
    fields:
      user.id: {type: string, required: true}
      device.id: {type: string, required: true}
      ip: {type: ip, required: true}
      receiver: {type: string, required: true}
      amount: {type: int, required: true}
    """,
    "features.yaml": "features:\n"
      + ["user.id", "device.id", "ip", "receiver"].map { key in
        let name = key.prefix { $0 != "." }
        return """
            \(name)_count_1h: {count: payout, by: \(key), over: 1h}
            \(name)_sum_24h: {sum: amount, of: payout, by: \(key), over: 24h}
            \(name)_mean_7d: {mean: amount, of: payout, by: \(key), over: 7d}

          """
      }.joined(),
    "rules/all.yaml": "rules:\n"
      + ["user", "device", "ip", "receiver"].map { name in
        """
          - {id: \(name)-burst, title: Burst, family: velocity, on: payout, when: \(name)_count_1h > 5, score: 40}
          - {id: \(name)-total, title: Total, family: velocity, on: payout, when: \(name)_sum_24h > 9000, score: 20}
          - {id: \(name)-mean, title: Mean, family: velocity, on: payout, when: \(name)_mean_7d > 950.0, score: 20}

        """
      }.joined(),
  ]
}

extension Workload {
  /// The same events as the C client reads them: keys, records and what is remembered, as the store would write them.
  func flattened(namespace: String) throws -> FlatWorkload {
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    var flat = FlatWorkload()
    for json in events {
      let visit = try engine.preparedVisit(json)
      let remembered = try engine.decide(json).record
      let id = visit.event.frame.arena[visit.event.id.range]
      flat.field(Array("\(namespace):1:#".utf8) + id)
      flat.field([UInt8](repeating: 7, count: 18))
      flat.field([UInt8](repeating: 7, count: 18) + remembered)
      for append in visit.appends {
        let key = Array("\(namespace):1:{".utf8) + visit.bytes[append.key] + Array("}".utf8)
        flat.number(UInt32(flat.number(of: key)))
        flat.field(key)
        flat.field(Array(visit.bytes[append.record]))
        flat.number(visit.event.time)
        flat.number(Int64(500))
      }
    }
    return flat
  }
}

/// A workload in the form that `CRedisLoad` takes.
struct FlatWorkload {
  private(set) var bytes: [UInt8] = []
  private var entities: [[UInt8]: Int] = [:]

  /// How many entities there are.
  var entityCount: Int { entities.count }

  mutating func field(_ value: [UInt8]) {
    number(UInt32(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func number(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func number(of key: [UInt8]) -> Int {
    if let known = entities[key] { return known }
    entities[key] = entities.count
    return entities.count - 1
  }
}
