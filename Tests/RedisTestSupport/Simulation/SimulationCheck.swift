import CEL
import Events
import RedisWindows
import TestSupport
import Windows

/// One entity's log as an event saw it, in the oracle's words.
private struct SeenLog {
  var records: [WindowOracle.Record] = []
  /// As they are logged, beside the records.
  var logged: [LoggedRecord] = []
  /// Records that were taken back, or that repeat others: a pane may have been closed over them before.
  var uncertain: [WindowOracle.Record] = []
  /// Records up to this time were said to be lost.
  var gap = Int64.min
}

/// What is wrong with an answer.
private struct BrokenPromise: Error {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

/// Whether an answer is that of a naive scan over the log as it was in Redis at the event's own position.
extension SimulationLedger {
  func checkFeatures(_ attempt: SimulationAttempt, _ visit: borrowing Visit) {
    for append in visit.appends where violation == nil {
      let key = Self.key(visit, append)
      let entity = attempt.plan.entities[append.entity]
      let leaves = !append.record.isEmpty && !visit.event.dryRun
      let places =
        leaves
        ? redis.history.place(of: Array(visit.bytes[append.record]), in: key).map { [$0] } ?? []
        : placesRead(by: attempt, key: key)
      if places.isEmpty { return fail(attempt, "it was answered from a log that was never read") }
      var first: String?
      for place in places {
        do {
          try check(attempt, visit, append, entity, key: key, place: place)
          checkLossIsKnown(attempt, key: key, place: place, leaves: leaves)
          first = nil
          break
        } catch {
          first = first ?? error.sentence
        }
      }
      if let first { fail(attempt, first) }
    }
  }

  /// What a log may have been when a visit read it that left nothing there: where it had to be read in several steps,
  /// others may have done that for it.
  private func placesRead(by attempt: SimulationAttempt, key: [UInt8]) -> [Int] {
    let transport = attempt.instance.transport
    guard let own = transport.heads[attempt.number]?[key] else { return [] }
    let later = (transport.readings[key] ?? []).filter { $0.moment >= attempt.sentAt }
    return [own] + later.map(\.head).filter { $0 != own }
  }

  private func check(
    _ attempt: SimulationAttempt, _ visit: borrowing Visit, _ append: LogAppend, _ entity: EntityPlan,
    key: [UInt8], place: Int
  ) throws(BrokenPromise) {
    let logged = redis.history.records(upTo: place)
    guard var log = seen(logged) else { throw BrokenPromise("a log holds a record that nobody sent") }
    if !append.record.isEmpty && !visit.event.dryRun {
      log.records.removeLast()
      log.logged.removeLast()
    }
    let writes = !append.record.isEmpty
    guard let isRepeat = try cut(&log, attempt, entity, writes: writes) else { return }
    if isRepeat && visit.prior == .first {
      // Its id was never claimed, and its first record was cut.
      if attempt.instance.core.report.trims > 0 || redis.hasTrimmed { return }
      throw BrokenPromise("it is called the first and stands in a log already")
    }
    if redis.hasTrimmed { log.uncertain += later(than: place, in: key) }
    try compare(attempt, visit, entity, log, key: key, isRepeat: isRepeat, writes: writes)
  }

  /// What came to a log from the record at `place` on: when a process has trimmed it in the meantime, its panes hold that too.
  private func later(than place: Int, in key: [UInt8]) -> [WindowOracle.Record] {
    let log = redis.history.records(upTo: redis.history.head(key))
    let before = redis.history.records(upTo: place).count
    return log.dropFirst(max(before - 1, 0)).compactMap { contents[$0.content] }
  }

  /// The records that count, in order.
  private func seen(_ logged: [LoggedRecord]) -> SeenLog? {
    var log = SeenLog()
    let voids = logged.filter { $0.kind == .void }
    for record in logged {
      switch record.kind {
      case .event:
        guard let content = contents[record.content] else { return nil }
        let isVoid = voids.contains { $0.nonce == record.nonce && $0.target == record.id }
        if isVoid || log.records.contains(where: { $0.effect != .excludes && $0.id == content.id }) {
          log.uncertain.append(content)
        }
        if isVoid { continue }
        log.records.append(content)
        log.logged.append(record)
      case .exclusion:
        log.records.append(
          WindowOracle.Record(
            id: "", type: 0, time: record.time, target: record.target, effect: .excludes, columns: [:]))
        log.logged.append(record)
      case .gap: log.gap = max(log.gap, record.time)
      case .void, .seal: continue
      case .checkpoint, nil: return nil
      }
    }
    return log
  }

  /// A process that finds a log to go on elsewhere than where it knew it says that records were lost.
  private func checkLossIsKnown(
    _ attempt: SimulationAttempt, key: [UInt8], place: Int, leaves: Bool
  ) {
    let losses = attempt.instance.core.report.lostLogs
    if let known = known[attempt.instance.number]?[key] {
      // What was asked for before may have been read before.
      if attempt.sentAt < known.moment { return }
      if redis.history.holds(place, upTo: known.place) { return }
      if !redis.history.holds(known.place, upTo: place) && losses == known.losses
        && settings.store.cacheBytesMax == 1 << 20 && !redis.hasTrimmed
        && attempt.instance.core.report.trims == 0 && !hasComeBack(known.place, place)
      {
        fail(attempt, "records that its process knew were lost, and it did not notice")
      }
    }
    // An answer may come long after its log was read, and others may have noticed a loss meanwhile.
    guard redis.history.holds(place, upTo: redis.history.head(key)) else { return }
    // What was read without waiting for a replica, or in steps, may go with the primary, and is not missed.
    if settings.store.waitsForReplica && !leaves { return }
    known[attempt.instance.number, default: [:]][key] = (place, clock.now, losses)
  }

  /// Whether all that stood in a log up to `old` was lost and appended again, in order, before anything else.
  private func hasComeBack(_ old: Int, _ new: Int) -> Bool {
    redis.history.records(upTo: new).map(\.bytes).starts(with: redis.history.records(upTo: old).map(\.bytes))
  }

  /// Cuts the log behind the event's first position, or puts the event at its end; nil when another event with its id
  /// stands there and the process that is to take it back was killed.
  private func cut(
    _ log: inout SeenLog, _ attempt: SimulationAttempt, _ entity: EntityPlan, writes: Bool
  ) throws(BrokenPromise) -> Bool? {
    guard writes else { return false }
    let event = attempt.event
    let newest = log.records.lazy.filter { $0.effect != .excludes }.map(\.time).max()
    let first = log.records.firstIndex { record in
      record.effect != .excludes && record.id == event.id
        && (entity.retentionMilliseconds == .max
          || record.time > (newest ?? 0) - entity.retentionMilliseconds)
    }
    let own = event.record(in: entity, typeTags: attempt.plan.typeTags)
    guard let first else {
      log.records.append(own)
      return false
    }
    log.records.removeSubrange((first + 1)...)
    let found = log.records[first]
    let differs = found.columns.contains { tag, cell in own.columns[tag].map { $0 != cell } ?? false }
    if differs || found.time != own.time || found.type != own.type || found.target != own.target {
      let writer = attempts.first { $0.instance.wrote(log.logged[first]) }
      if writer?.instance.isAlive == false { return nil }
      // Or it was cut before it was taken back, since nothing but panes counts it.
      if redis.hasTrimmed && entity.features.contains(where: { $0.panes != nil }) { return nil }
      throw BrokenPromise("it was answered from a record of another event with its id")
    }
    return true
  }

  private func compare(
    _ attempt: SimulationAttempt, _ visit: borrowing Visit, _ entity: EntityPlan, _ log: SeenLog,
    key: [UInt8], isRepeat: Bool, writes: Bool
  ) throws(BrokenPromise) {
    let event = attempt.event
    let oracle = WindowOracle(entity: entity, lateness: attempt.plan.latenessMillisecondsMax)
    let currency: String? =
      if case .text(let text) = event.slots[WindowEvent.Fields.currency] { text } else { nil }
    for feature in entity.features {
      let slot = visit.event.frame.slots[feature.slot]
      let answer = WindowOracle.Answer(slot, feature, visit.event.frame)
      report.compared += 1
      let mayBeEvicted =
        isRepeat || visit.prior == .attempted || log.gap != .min || redis.lostKeys.contains(key)
      // A trim leaves the last records alone: whoever reads further back, or under another plan, may learn less.
      let mayBeCut = settings.reloads > 0 || settings.store.recordsKept < 64
      if slot.flags.contains(.evicted) && slot.kind == .missing && (mayBeEvicted || mayBeCut) {
        report.evicted += 1
        continue
      }
      if feature.panes != nil {
        report.paned += 1
        let bounds = oracle.readPanes(
          feature, log: log.records, ownIsLast: writes, time: event.time, currency: currency,
          uncertain: log.uncertain)
        if let difference = oracle.difference(
          feature, slot, answer, from: bounds, hasReloaded: settings.reloads > 0)
        {
          throw BrokenPromise("\(visit.prior) \(feature) at \(event): \(difference)")
        }
        continue
      }
      let expected = oracle.read(
        feature, log: log.records, ownIsLast: writes, time: event.time, currency: currency)
      if mayBeCut && slot.flags.contains(.saturated) {
        let whole = oracle.read(
          feature, log: log.records, ownIsLast: writes, time: event.time, currency: currency, hasLimit: false)
        guard answer.isConservative(feature, whole: whole.answer) else {
          throw BrokenPromise("\(visit.prior) \(feature) at \(event): \(answer) saturated, at most \(whole)")
        }
        if answer != expected.answer || !expected.saturated { report.conservative += 1 }
        continue
      }
      let isWarmingRight = slot.flags.contains(.warming) == expected.warming || settings.reloads > 0
      guard answer == expected.answer, slot.flags.contains(.saturated) == expected.saturated, isWarmingRight,
        !slot.flags.contains(.evicted)
      else {
        let name = String(decoding: key.filter { $0 > 32 && $0 < 127 }, as: UTF8.self)
        throw BrokenPromise(
          "\(visit.prior) \(feature) of \(name) at \(event): \(answer) \(slot.flags), expected \(expected)")
      }
    }
  }

  /// What this process decided without Redis before it was asked is in the log that it answers from.
  func checkBacklog(_ attempt: SimulationAttempt, _ visit: borrowing Visit) {
    if attempt.instance.core.report.lostEvents > 0 { return }
    for append in visit.appends {
      let key = Self.key(visit, append)
      if redis.lostKeys.contains(key) { continue }
      var log: [LoggedRecord]?
      for earlier in attempts
      where earlier.instance === attempt.instance && earlier.isDegraded && !earlier.event.isRehearsal {
        guard let answeredAt = earlier.answeredAt, answeredAt < attempt.sentAt,
          isUndisputed(earlier.event.id),
          earlier.records.contains(where: { $0.key == key })
        else { continue }
        let leaves = !append.record.isEmpty && !visit.event.dryRun
        let place =
          leaves
          ? redis.history.place(of: Array(visit.bytes[append.record]), in: key)
          : attempt.instance.transport.heads[attempt.number]?[key]
        let records = log ?? redis.history.records(upTo: place ?? LogHistory.empty)
        log = records
        if !records.contains(where: { $0.kind == .event && $0.id == earlier.event.id }) {
          fail(attempt, "answered while \(earlier.event.id) waits to be appended")
        }
      }
    }
  }
}
