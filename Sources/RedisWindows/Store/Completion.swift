internal import CEL
internal import Events
package import Windows

/// How a visit ends, and what follows a decision.
extension RedisCore {
  /// All replies have come: hands the visit back, or sees first to what must be undone or done later.
  func complete(_ flight: Flight) {
    if let claim = flight.claim {
      flight.visit.prior = claim == .first && !flight.repeated.isEmpty ? .attempted : claim
      if flight.visit.prior == .attempted && flight.failure == nil {
        for part in flight.doubtful { readAgain(part, of: flight) }
      }
    }
    switch flight.claim {
    case .decided:
      flight.failure = nil
      takeBackRepeat(flight) { _ in true }
      flight.visit.forgetFeatures()
    case .conflict: return takeBack(flight)
    case .first where flight.repeated.isEmpty: break
    case .first, .attempted: takeBackRepeat(flight) { log in flight.repeated.contains { $0 === log } }
    default: break
    }
    if !backlog.isEmpty && flight.failure == nil { failIfOvertaking(flight) }
    if let failure = flight.failure {
      statistics.degraded += 1
      firstDegradation = firstDegradation ?? failure
      flight.visit.forgetFeatures()
      if flight.mustAppendLater && !flight.visit.event.dryRun { appendLater(flight) }
    }
    flight.land()
  }

  /// An earlier event of an entity failed while this one was under way: it waits to be appended, and the windows that
  /// were read lack it. This one is in its logs already. A decision that was stored stays what it is.
  private func failIfOvertaking(_ flight: Flight) {
    if case .decided = flight.claim { return }
    guard isWaiting(flight.visit) else { return }
    flight.fail(Self.earlierEventsWait)
  }

  /// A repeat stands in a log once more. Where panes hold what was cut, nobody could tell: it is made void there, and
  /// everywhere where its time may be another than the first's, which would be cut before it. A log that a first attempt
  /// did not reach counts this record.
  private func takeBackRepeat(_ flight: Flight, where repeats: (CachedLog) -> Bool) {
    let statesContent = flight.visit.event.statesContent
    let keys = flight.parts.compactMap { part in
      part.appends && (part.layout.hasPanes || statesContent) && repeats(part.log) ? part.log.key : nil
    }
    if keys.isEmpty { return }
    statistics.voids += 1
    let void = flight.visit.voidRecord(nonce: flight.nonce)
    for key in keys {
      var commands = CommandBuffer()
      commands.append(key, void.rawBytes)
      sendAside(commands)
    }
  }

  /// The id belongs to another event: the records that were appended along with the question count as never written.
  private func takeBack(_ flight: Flight) {
    flight.failure = nil
    flight.visit.forgetFeatures()
    let void = flight.visit.voidRecord(nonce: flight.nonce)
    let writes = writes(flight.visit, of: void) { _ in true }
    guard !writes.isEmpty && !flight.visit.event.dryRun else { return flight.land() }
    statistics.voids += 1
    append(writes, deadline: flight.deadline) { [self] failure in
      if failure != nil { appendLater(BacklogItem(writes: writes)) }
      flight.land()
    }
  }

  /// Takes a blocked event out of the windows that count accepted events only; `finish` is called once, later.
  package func exclude(_ visit: consuming Visit, finish: @escaping (consuming Visit) -> Void) {
    if isAbandoned { return }
    let flight = Flight(visit, deadline: clock.now + settings.timeout, nonce: nextNonce(), finish: finish)
    var exclusion = flight.visit.exclusionRecord()
    // Else two processes' exclusions of one event would be the same bytes, and prove nothing of the log before them.
    RecordFormat.setNonce(flight.nonce, of: &exclusion)
    let writes = writes(flight.visit, of: exclusion) { $0.countsAcceptedOnly }
    guard !writes.isEmpty && !flight.visit.event.dryRun else {
      return clock.schedule(after: 0) { flight.land() }
    }
    if !backlog.isEmpty && writes.contains(where: { backlog.holds($0.key) }) {
      appendLater(BacklogItem(writes: writes))
      return clock.schedule(after: 0) { flight.land() }
    }
    append(writes, deadline: flight.deadline) { [self] failure in
      if failure != nil { appendLater(BacklogItem(writes: writes)) }
      flight.land()
    }
  }

  /// Puts the decision in the place of the event's claim; not awaited.
  package func remember(_ visit: borrowing Visit, decision: [UInt8]) {
    guard !visit.event.dryRun, visit.prior == .first || visit.prior == .attempted else { return }
    sendDecision(decision, of: visit)
  }

  /// The same record, or each event's own when it is nil, for the logs that the event leaves a record in.
  func writes(_ visit: borrowing Visit, of record: [UInt8]? = nil, where isMeant: (FoldLayout) -> Bool)
    -> [LogWrite]
  {
    var writes: [LogWrite] = []
    for append in visit.appends where !append.record.isEmpty {
      let layout = visit.plan.layouts[append.entity]
      guard isMeant(layout) else { continue }
      writes.append(
        LogWrite(
          key: logKey(visit, append), record: record ?? Array(visit.bytes[append.record]),
          expiry: layout.expiry, isEvent: record == nil, hasPanes: layout.hasPanes))
    }
    return writes
  }

  /// Appends to several logs; `done` is called once, with the first failure.
  func append(_ writes: [LogWrite], deadline: Int64, done: @escaping (RedisFailure?) -> Void) {
    var open = writes.count
    var first: RedisFailure?
    for write in writes {
      append(write, deadline: deadline) { failure, _ in
        first = first ?? failure
        open -= 1
        if open == 0 { done(first) }
      }
    }
  }

  /// Appends to one log, which is let expire if that began it, and prolonged for an event that comes late; `done` is called once, with the log's length where the
  /// primary has acknowledged the record, whether a replica has it or not.
  func append(_ write: LogWrite, deadline: Int64, done: @escaping (RedisFailure?, _ length: Int64?) -> Void) {
    let waits = settings.waitsForReplica
    var commands = CommandBuffer()
    commands.append(write.key, write.record.rawBytes)
    commands.beginExpiry(write.key, milliseconds: write.expiry)
    if write.isEvent { commands.prolong(write.key, milliseconds: write.expiry) }
    if waits { commands.waitForReplica(milliseconds: replicaPatience) }
    statistics.commands += commands.count
    let count = commands.count
    transport.send(commands, deadline: deadline) { result in
      switch result {
      case .failure(let failure): done(failure, nil)
      case .success(let replies):
        let length = replies.kind(replies.first) == .integer ? replies.integer(replies.first) : nil
        done(RedisFailure(appending: replies, wait: waits ? count - 1 : nil), length)
      }
    }
  }
}

extension RedisFailure {
  /// Why an append, and the wait for a replica that may follow it as the reply number `wait`, did not do what it
  /// should; nil when it did.
  init?(appending replies: Replies, wait: Int?) {
    let place = replies.first
    switch replies.kind(place) {
    case .integer: break
    case .error:
      let error = ErrorReply(replies.text(place))
      self = error.failure()
      // Whatever else a server refuses may be taken later; a key of another type never will.
      code = error.word == "WRONGTYPE" ? .refused : .unavailable
      return
    default:
      self.init(code: .garbled, message: "redis answered an append with no length", mayHaveRun: true)
      return
    }
    guard let wait else { return nil }
    let next = replies.place(ofReply: wait)
    guard !replies.hasReplica(at: next) else { return nil }
    self.init(code: .unavailable, message: "no replica has acknowledged the record", mayHaveRun: true)
  }
}

extension Visit {
  /// Nothing that was read is to be seen.
  mutating func forgetFeatures() {
    for entity in plan.entities {
      for feature in entity.features where feature.slot < event.frame.slots.count {
        event.frame.slots[feature.slot] = .missing
      }
    }
  }
}
