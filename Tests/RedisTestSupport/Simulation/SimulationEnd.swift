import Events
import RedisWindows
import TestSupport
import Windows

/// What must be so when all faults have ended.
extension SimulationLedger {
  /// Every promise about the state after all faults have ended and all backlogs are flushed.
  func checkEnd(_ instances: [SimulatedInstance]) {
    checkTrimsAreKnown(instances)
    checkDisputed(instances)
    for attempt in attempts where attempt.instance.isAlive && attempt.answeredAt != nil { checkKept(attempt) }
    for conflict in conflicts where conflict.instance.isAlive && conflict.instance.core.report.lostEvents == 0
    {
      let log = redis.history.records(upTo: redis.history.head(conflict.key))
      let (id, nonce) = (conflict.record.id, conflict.record.nonce)
      guard log.contains(where: { $0.kind == .event && $0.id == id && $0.nonce == nonce }) else { continue }
      if redis.lostKeys.contains(conflict.key) { continue }
      if !log.contains(where: { $0.kind == .void && $0.target == id && $0.nonce == nonce }) {
        fail("a conflicting record of \(id) was never taken back")
      }
    }
    for exclusion in exclusions
    where exclusion.instance.isAlive && exclusion.instance.core.report.lostEvents == 0 {
      let log = redis.history.records(upTo: redis.history.head(exclusion.key))
      if redis.lostKeys.contains(exclusion.key) { continue }
      if !log.contains(where: { $0.kind == .exclusion && $0.target == exclusion.id }) {
        fail("the exclusion of \(exclusion.id) is in no log")
      }
    }
  }

  /// An answered event is in all of its logs, unless it was reported lost.
  private func checkKept(_ attempt: SimulationAttempt) {
    guard !attempt.event.isRehearsal, isUndisputed(attempt.event.id) else { return }
    if attempt.isDegraded && attempt.instance.core.report.lostEvents > 0 { return }
    for (key, content) in attempt.records {
      let mayBeLost = attempt.isDegraded || !settings.store.waitsForReplica
      if redis.deletedKeys.contains(key) || mayBeLost && redis.lostKeys.contains(key) { continue }
      let log = redis.history.records(upTo: redis.history.head(key))
      let others = attempts.filter { $0.event.id == attempt.event.id }
      let isKept = log.contains { record in
        record.kind == .event
          && (record.content == content
            || others.contains { $0.records.contains { $0.key == key && $0.content == record.content } })
      }
      if !isKept { fail(attempt, "answered, degraded: \(attempt.isDegraded), and missing from a log") }
    }
  }

  /// Every delivery to a process that lives was answered.
  func checkFinished() {
    for attempt in attempts where attempt.instance.isAlive && attempt.answeredAt == nil {
      fail(attempt, "it was never answered")
    }
  }

  /// A process that is alone knows what its own trims did, as long as two do not fall into the time of one visit: no
  /// reply fails to go on from what it knows.
  private func checkTrimsAreKnown(_ instances: [SimulatedInstance]) {
    guard settings.isUndisturbed, settings.store.trimBytesMin >= 400, settings.store.sliceBytes >= 1 << 18,
      settings.weather.delayMax * 10 <= settings.gapMax, instances.count == 1, report.degraded == 0
    else { return }
    if instances[0].core.report.rereads > 0 { fail("a log was read anew though nothing happened to it") }
  }

  /// No record stands for an event whose id belongs to another, unless its writer could not take it back.
  private func checkDisputed(_ instances: [SimulatedInstance]) {
    for key in keys where !redis.lostKeys.contains(key) {
      let log = redis.history.records(upTo: redis.history.head(key))
      for record in log
      where record.kind == .event && !isUndisputed(record.id) && !mayHaveForgotten(record.id) {
        guard let owner = redis.value(Self.identityKey(record.id)),
          let writer = instances.first(where: { $0.wrote(record) }), writer.core.report.lostEvents == 0
        else { continue }
        let senders = attempts.filter { attempt in
          attempt.event.id == record.id
            && attempt.records.contains { $0.key == key && $0.content == record.content }
        }
        if senders.contains(where: { owner.dropFirst(2).starts(with: Self.bytes($0.digest)) }) { continue }
        if !log.contains(where: { $0.kind == .void && $0.target == record.id && $0.nonce == record.nonce }) {
          fail("a record of \(record.id) counts though the id belongs to another event")
        }
      }
    }
  }

  /// A digest as the key of an id holds it.
  private static func bytes(_ digest: EventDigest) -> [UInt8] {
    [digest.high, digest.low].flatMap { half in
      stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: half >> $0) }
    }
  }
}
