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
  /// Records up to this time were said to be lost.
  var gap = Int64.min
}

/// Whether an answer is that of a naive scan over the log as it was in Redis at the event's own position.
extension SimulationLedger {
  func checkFeatures(_ attempt: SimulationAttempt, _ visit: borrowing Visit) {
    for append in visit.appends where violation == nil {
      let key = Self.key(visit, append)
      let entity = attempt.plan.entities[append.entity]
      let leaves = !append.record.isEmpty && !visit.event.dryRun
      let place: Int?
      if leaves {
        place = redis.history.place(of: Array(visit.bytes[append.record]), in: key)
      } else {
        place = attempt.instance.transport.heads[attempt.number]?[key]
      }
      guard let place else { return fail(attempt, "it was answered from a log that was never read") }
      checkLossIsKnown(attempt, key: key, place: place)
      let logged = redis.history.records(upTo: place)
      guard var log = seen(logged) else { return fail(attempt, "a log holds a record that nobody sent") }
      if leaves {
        log.records.removeLast()
        log.logged.removeLast()
      }
      guard let isRepeat = cut(&log, attempt, entity, writes: !append.record.isEmpty) else { continue }
      if isRepeat && visit.prior == .first {
        // Its id was never claimed, and its first record was cut.
        if attempt.instance.core.report.trims > 0 || redis.hasTrimmed { continue }
        fail(attempt, "it is called the first and stands in a log already")
      }
      compare(attempt, visit, entity, log, key: key, isRepeat: isRepeat, writes: !append.record.isEmpty)
    }
  }

  /// The records that count, in order.
  private func seen(_ logged: [LoggedRecord]) -> SeenLog? {
    var log = SeenLog()
    let voids = logged.filter { $0.kind == .void }
    for record in logged {
      switch record.kind {
      case .event:
        if voids.contains(where: { $0.nonce == record.nonce && $0.target == record.id }) { continue }
        guard let content = contents[record.content] else { return nil }
        log.records.append(content)
        log.logged.append(record)
      case .exclusion:
        log.records.append(
          WindowOracle.Record(
            id: "", type: 0, time: record.time, target: record.target, effect: .excludes, columns: [:]))
        log.logged.append(record)
      case .gap: log.gap = max(log.gap, record.time)
      case .void: continue
      case .checkpoint, nil: return nil
      }
    }
    return log
  }

  /// A process that finds a log to go on elsewhere than where it knew it says that records were lost.
  private func checkLossIsKnown(_ attempt: SimulationAttempt, key: [UInt8], place: Int) {
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
  ) -> Bool? {
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
      fail(attempt, "it was answered from a record of another event with its id")
    }
    return true
  }

  private func compare(
    _ attempt: SimulationAttempt, _ visit: borrowing Visit, _ entity: EntityPlan, _ log: SeenLog,
    key: [UInt8], isRepeat: Bool, writes: Bool
  ) {
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
      let expected = oracle.read(
        feature, log: log.records, ownIsLast: writes, time: event.time, currency: currency)
      if mayBeCut && slot.flags.contains(.saturated)
        && (expected.saturated || answer.isAtMost(expected.answer))
      {
        report.conservative += 1
        continue
      }
      let isWarmingRight = slot.flags.contains(.warming) == expected.warming || settings.reloads > 0
      guard answer == expected.answer, slot.flags.contains(.saturated) == expected.saturated, isWarmingRight,
        !slot.flags.contains(.evicted)
      else {
        let name = String(decoding: key.filter { $0 > 32 && $0 < 127 }, as: UTF8.self)
        return fail(
          attempt,
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
