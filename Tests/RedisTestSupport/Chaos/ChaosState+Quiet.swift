import Assay

/// What must hold when nothing is on its way and nothing waits to be appended.
extension ChaosState {
  /// Compares all logs, and what a new instance reads of them, with the ledger; then forgets what is out of the windows.
  mutating func settle(logs: [String: ChaosLog], probes: [ChaosEntity: Decision]) {
    let since = now - ChaosRules.window
    for entry in entries where entry.event.time > since {
      if entry.event.kind == .undo {
        settleReversal(entry, logs)
      } else if entry.rivals.allSatisfy({ $0 > entry.event.serial }) {
        settlePayment(entry, logs, probes)
      }
      checkRepeats(entry)
    }
    for (name, log) in logs { searchStrays(name, log) }
    for (entity, probe) in probes { settle(entity, probe, logs[entity.name], since) }
    forget(before: now - 3 * ChaosRules.window / 2)
    if losesData { beginEra() }
    sentInRound = 0
  }

  /// Of the contents under one id exactly one is in all its logs, and the others in none.
  private mutating func settlePayment(
    _ first: ChaosEntry, _ logs: [String: ChaosLog], _ probes: [ChaosEntity: Decision]
  ) {
    let contents = [first] + first.rivals.compactMap { entry($0) }
    var winners = 0
    for content in contents {
      let event = content.event
      let lacking = event.entities.filter { logs[$0.name]?.times[event.id] != event.time }
      let isThere = lacking.isEmpty
      if isThere { winners += 1 }
      if content.acknowledged != nil { countLoss(content, lacking, logs, probes) }
      if losesData { continue }
      if !isThere && (lacking.count < event.entities.count || content.acknowledged != nil) {
        let names = lacking.map(\.name).joined(separator: ", ")
        figures.violate("`\(event.id)` of \(content.story) is not in the logs of \(names)")
      }
      if isThere && content.wasDegraded && content.acknowledged == nil { figures.appendedLate += 1 }
      let moment = tick()
      change(event.serial) { entry in
        if isThere { entry.acknowledged = entry.acknowledged ?? moment } else { entry.isOut = true }
      }
      if isThere { settleExclusion(content, logs) }
    }
    if !losesData && winners != 1 {
      figures.violate("of \(contents.map(\.story)) under `\(first.event.id)` \(winners) are in the logs")
    }
  }

  /// Counts an acknowledged event, and the loss of it, once.
  private mutating func countLoss(
    _ entry: ChaosEntry, _ lacking: [ChaosEntity], _ logs: [String: ChaosLog],
    _ probes: [ChaosEntity: Decision]
  ) {
    if !entry.wasSought {
      figures.acknowledged += 1
      change(entry.event.serial) { $0.wasSought = true }
    }
    if lacking.isEmpty { return }
    let isKnown = lacking.allSatisfy { entity in
      logs[entity.name]?.hasGap == true || probes[entity].map { ChaosSeen($0, entity.kind) == nil } == true
    }
    if isKnown { figures.lostKnown += 1 } else { figures.lostUnknown += 1 }
    let acknowledged = entry.acknowledged ?? .max
    let cause =
      risks.first { $0.end >= acknowledged } ?? risks.last { $0.end >= entry.firstSent }
    if let cause {
      figures.lostBy[cause.fault.rawValue, default: 0] += 1
    } else {
      figures.violate("`\(entry.event.id)` of \(entry.story) is lost, though nothing happened since")
    }
  }

  private mutating func settleExclusion(_ entry: ChaosEntry, _ logs: [String: ChaosLog]) {
    guard let user = entry.event.entities.first, let log = logs[user.name] else { return }
    let isExcluded = log.excluded.contains(entry.event.id)
    if isExcluded != entry.wasBlocked {
      figures.violate("`\(entry.event.id)` of \(entry.story): excluded \(isExcluded)")
    }
    change(entry.event.serial) { $0.isExcluded = isExcluded }
  }

  private mutating func settleReversal(_ entry: ChaosEntry, _ logs: [String: ChaosLog]) {
    guard let target = entry.event.target, !losesData else { return }
    for entity in entry.event.entities where logs[entity.name]?.undone.contains(target.id) != true {
      figures.violate("`\(target.id)` was not taken back from the log of `\(entity.name)` (\(entry.story))")
    }
    let moment = tick()
    change(entry.event.serial) { $0.acknowledged = $0.acknowledged ?? moment }
  }

  /// A decision that is said to be repeated was given before, to the byte but for what the answer says of itself.
  private mutating func checkRepeats(_ entry: ChaosEntry) {
    let given = entry.repeats.isEmpty ? [] : entry.decisions.map(\.unmarkedJSON)
    for repeated in entry.repeats where !given.contains(repeated.unmarkedJSON) {
      let texts = (given + [repeated.unmarkedJSON]).map { String(decoding: $0, as: UTF8.self) }
      figures.violate("`\(entry.event.id)` was repeated a decision that it was not given: \(texts)")
    }
    change(entry.event.serial) { $0.repeats = [] }
  }

  /// Every event in a log was sent, with that time and that entity.
  private mutating func searchStrays(_ name: String, _ log: ChaosLog) {
    for (id, time) in log.times where !id.hasPrefix("probe") {
      guard let serial = serial(of: id) else {
        figures.violate("the log of `\(name)` holds `\(id)`, which nobody sent")
        continue
      }
      // Of events that were forgotten here nothing is known any more.
      guard let first = entry(serial) else { continue }
      let contents = [first.event] + first.rivals.compactMap { entry($0)?.event }
      if !contents.contains(where: { $0.time == time && $0.entities.contains { $0.name == name } }) {
        figures.violate("the log of `\(name)` holds `\(id)` of another entity")
      }
    }
  }

  /// What a new instance reads is what the log's own records come to, each id once.
  private mutating func settle(_ entity: ChaosEntity, _ probe: Decision, _ log: ChaosLog?, _ since: Int64) {
    figures.logs += 1
    var expected = ChaosSeen()
    for serial in payments[entity] ?? [] {
      guard let entry = entry(serial), entry.event.time > since, let log else { continue }
      let event = entry.event
      guard log.times[event.id] == event.time, !log.undone.contains(event.id) else { continue }
      figures.present += 1
      expected.add(event, of: entity, accepted: !log.excluded.contains(event.id))
    }
    guard let seen = ChaosSeen(probe, entity.kind) else {
      figures.unknown += 1
      if !losesData {
        figures.violate("the windows of `\(entity.name)` are unknown, gap in the log: \(log?.hasGap == true)")
      }
      return
    }
    if !seen.lies(between: expected, and: expected) {
      figures.violate("`\(entity.name)` has \(seen) when all is quiet, and its log \(expected)")
    }
  }

  private mutating func forget(before time: Int64) {
    let count = entries.firstIndex { $0.event.time >= time } ?? entries.count
    entries.removeFirst(count)
    firstSerial += count
    for (entity, serials) in payments { payments[entity] = serials.filter { $0 >= firstSerial } }
  }

  /// All entities begin anew.
  private mutating func beginEra() {
    era += 1
    firstSerial += entries.count
    entries = []
    payments = [:]
    risks = []
  }
}

extension Decision {
  /// The decision itself: the same whether it is made, made anew or repeated.
  fileprivate var unmarkedJSON: [UInt8] {
    var decision = self
    decision.repeated = false
    decision.recomputed = false
    return decision.json
  }
}

extension ChaosEntry {
  /// What happened to the event, in a few words.
  var story: String {
    var words = ["\(event.kind.rawValue) \(event.serial)"]
    if acknowledged != nil { words.append("decided") }
    if wasDegraded { words.append("degraded") }
    if refused != nil { words.append("refused") }
    if wasBlocked { words.append("blocked") }
    if wasAllowed { words.append("allowed") }
    if undo != nil { words.append("reversed") }
    return "(\(words.joined(separator: " ")))"
  }
}
