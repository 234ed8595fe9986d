/// An entity by kind and number; of one era: after data may have been lost, the next era begins with empty logs.
struct ChaosEntity: Hashable, Sendable {
  var kind: ChaosKind
  var number: Int
  var era: Int

  /// Begins with a character that keys have nowhere else, so that the name is found in the key of a log.
  var name: String { "<\(kind.field)\(number)e\(era)" }
}

/// One content that is sent under an id, as often as it is tried again.
struct ChaosEvent: Sendable {
  enum Kind: String, Sendable { case pay, undo }

  var serial: Int
  var id: String
  var kind: Kind
  var time: Int64
  var entities: [ChaosEntity]
  /// What the sum of each of the entities gets: the remainder by a thousand is the entity's number.
  var amounts: [Int]
  /// The serial of the event that this one takes back.
  var target: (serial: Int, id: String)?

  /// As it is sent.
  var json: [UInt8] {
    var text = "{\"id\":\"\(id)\",\"type\":\"\(kind.rawValue)\",\"time_ms\":\(time)"
    for (entity, amount) in zip(entities, amounts) {
      text += ",\"\(entity.kind.field)\":\"\(entity.name)\",\"\(entity.kind.amount)\":\(amount)"
    }
    if let target { text += ",\"reverses\":\"\(target.id)\"" }
    return Array((text + "}").utf8)
  }

  /// The other entity of an event, whose different values the entity's log counts.
  func partner(of kind: ChaosKind) -> ChaosEntity? {
    switch kind {
    case .user: entities.first { $0.kind == .device }
    case .device: entities.first { $0.kind == .user }
    case .card: nil
    }
  }

  /// What the entity's sum gets.
  func amount(for entity: ChaosEntity) -> Int {
    zip(entities, amounts).first { $0.0 == entity }?.1 ?? 0
  }
}
