internal import CEL
internal import Events
package import Windows

/// How a visit ends, and what follows a decision.
extension RedisCore {
  /// All replies have come: hands the visit back, or sees first to what must be undone or done later.
  func complete(_ flight: Flight) {
    if let claim = flight.claim {
      flight.visit.prior = claim == .first && flight.repeats ? .attempted : claim
    }
    switch flight.claim {
    case .decided:
      flight.failure = nil
      flight.visit.forgetFeatures()
    case .conflict: return takeBack(flight)
    case .attempted where flight.mayHaveMissedFirst:
      flight.fail(
        StoreFailure(code: .unavailable, message: "where the event first stood in a log is no longer known"))
    default: break
    }
    if flight.failure != nil {
      statistics.degraded += 1
      flight.visit.forgetFeatures()
      if flight.mustAppendLater && !flight.visit.event.dryRun { appendLater(flight) }
    }
    flight.land()
  }

  /// The id belongs to another event: the records that were appended along with the question count as never written.
  private func takeBack(_ flight: Flight) {
    flight.failure = nil
    flight.visit.forgetFeatures()
    let void = flight.visit.voidRecord(nonce: flight.nonce)
    let keys = flight.logKeys
    guard !keys.isEmpty && !flight.visit.event.dryRun else { return flight.land() }
    statistics.voids += 1
    flight.open += 1
    append(void, to: keys, deadline: flight.deadline) { [self] failure in
      if failure != nil { appendLater(BacklogItem(record: void, keys: keys)) }
      flight.land()
    }
  }

  /// Takes a blocked event out of the windows that count accepted events only; `finish` is called once, later.
  package func exclude(_ visit: consuming Visit, finish: @escaping (consuming Visit) -> Void) {
    let flight = Flight(visit, deadline: clock.now + settings.timeout, nonce: nextNonce(), finish: finish)
    let counting = flight.visit.appends.filter {
      !$0.record.isEmpty && flight.visit.plan.layouts[$0.entity].countsAcceptedOnly
    }
    let keys = counting.map { logKey(flight.visit, $0) }
    guard !keys.isEmpty && !flight.visit.event.dryRun else {
      return clock.schedule(after: 0) { flight.land() }
    }
    let record = flight.visit.exclusionRecord()
    if !backlog.isEmpty && keys.contains(where: { backlog.holds($0) }) {
      appendLater(BacklogItem(record: record, keys: keys))
      return clock.schedule(after: 0) { flight.land() }
    }
    append(record, to: keys, deadline: flight.deadline) { [self] failure in
      if failure != nil { appendLater(BacklogItem(record: record, keys: keys)) }
      flight.land()
    }
  }

  /// Puts the decision in the place of the event's claim; not awaited.
  package func remember(_ visit: borrowing Visit, decision: [UInt8]) {
    guard !visit.event.dryRun, visit.prior == .first || visit.prior == .attempted else { return }
    var commands = CommandBuffer()
    commands.remember(
      keys.identity(visit.idBytes), IdentityValue.bytes(visit.event.digest, decision: decision))
    sendAside(commands)
  }

  /// Appends one record to several logs; `done` is called once, with the first failure.
  private func append(
    _ record: [UInt8], to keys: [[UInt8]], deadline: Int64, done: @escaping (RedisFailure?) -> Void
  ) {
    let gathering = Gathering(open: keys.count, done: done)
    for key in keys { send(record, to: key, deadline: deadline, gathering) }
  }

  /// Appends a record to one log, and tells `gathering` what became of it.
  func send(_ record: [UInt8], to key: [UInt8], deadline: Int64, _ gathering: Gathering) {
    var commands = CommandBuffer()
    commands.append(key, record.rawBytes)
    if settings.waitsForReplica {
      commands.waitForReplica(milliseconds: max(settings.timeout / 1_000_000, 1))
    }
    statistics.commands += commands.count
    let waits = settings.waitsForReplica
    transport.send(commands, deadline: deadline) { gathering.take($0, waits: waits) }
  }
}

/// Waits for several answers.
final class Gathering {
  private var open: Int
  private var failure: RedisFailure?
  private let done: (RedisFailure?) -> Void

  init(open: Int, done: @escaping (RedisFailure?) -> Void) {
    self.open = open
    self.done = done
  }

  /// Takes the answer to one append, and to the wait for a replica that follows it; calls `done` with the last.
  func take(_ result: Result<Replies, RedisFailure>, waits: Bool) {
    let failure: RedisFailure? =
      switch result {
      case .failure(let failure): failure
      case .success(let replies): Self.failure(replies, waits: waits)
      }
    self.failure = self.failure ?? failure
    open -= 1
    if open == 0 { done(self.failure) }
  }

  private static func failure(_ replies: Replies, waits: Bool) -> RedisFailure? {
    if replies.kind(replies.first) == .error {
      let text = replies.text(replies.first)
      return RedisFailure(
        code: text.hasPrefix("WRONGTYPE") ? .refused : .unavailable, message: "Redis answered: \(text)",
        mayHaveRun: false)
    }
    guard waits, replies.kind(replies.first + 1) != .integer || replies.integer(replies.first + 1) < 1 else {
      return nil
    }
    return RedisFailure(
      code: .unavailable, message: "no replica has acknowledged the record", mayHaveRun: true)
  }
}

extension Flight {
  /// The keys of the logs that got a record.
  var logKeys: [[UInt8]] {
    zip(visit.appends, parts).filter { !$0.0.record.isEmpty }.map(\.1.log.key)
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
