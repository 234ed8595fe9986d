internal import CEL
internal import Events
internal import NIOCore
internal import Windows

/// Takes recorded events in, a batch at a time, in four steps that are each awaited:
///
///     SET id claim NX GET PX …       for each event: is it new?
///     GETRANGE log 0 -1              for each log of a new event that this history meets anew: is it one of ours?
///     APPEND log record              for each log of each new event, in the events' order; behind it the exclusion of
///                                    a blocked event, and PEXPIRE NX and GT for a log that this history
///                                    meets anew
///     SET id decision XX KEEPTTL     for each event that was appended; a mark where no decision is known
///
/// Whoever is stopped between two steps leaves claims without a mark behind: the next run appends those events once
/// more, and readers count the first record of an id. Nothing is appended behind bytes that are no records: such an
/// event goes to its other logs, and is left without a mark.
final class RedisRecorder: LogRecorder {
  private let store: RedisWindows
  private let memory = Guarded(RecorderMemory())

  init(_ store: RedisWindows) { self.store = store }

  func record(
    _ batch: [RecordedEvent],
    done: @escaping @Sendable (Result<[RecordedEvent.Answer], ArchiveFailure>) -> Void
  ) {
    _ = store.withCore { [memory] core in
      RecordingBatch(batch, core, memory, done: done).claim()
    }
  }
}

/// One batch on its way; all on the store's loop.
private final class RecordingBatch {
  private let events: [RecordedEvent]
  private let core: RedisCore
  private let memory: Guarded<RecorderMemory>
  private let done: @Sendable (Result<[RecordedEvent.Answer], ArchiveFailure>) -> Void
  private var answers: [RecordedEvent.Answer]
  private var failure: ArchiveFailure?
  private var open = 0
  /// Ids that an event of this batch has claimed.
  private var claimed: Set<[UInt8]> = []
  /// Logs that this batch meets for the first time.
  private var fresh: Set<[UInt8]> = []
  /// Logs that have grown long, with the entity that each belongs to.
  private var long: [[UInt8]: FoldLayout] = [:]

  init(
    _ events: [RecordedEvent], _ core: RedisCore, _ memory: Guarded<RecorderMemory>,
    done: @escaping @Sendable (Result<[RecordedEvent.Answer], ArchiveFailure>) -> Void
  ) {
    self.events = events
    self.core = core
    self.memory = memory
    self.done = done
    answers = Array(repeating: .known, count: events.count)
  }

  /// The first step; the others follow.
  func claim() {
    guard !events.isEmpty else { return done(.success([])) }
    open = events.count
    for index in events.indices {
      let visit = events[index].visit
      var commands = CommandBuffer()
      commands.claim(
        visit.idBytes, .claimed(visit.event.digest), milliseconds: visit.plan.idRetentionMilliseconds,
        keys: core.keys)
      send(commands) { [self] replies in
        receiveClaim(replies, index)
      } next: { [self] in
        look()
      }
    }
  }

  private func receiveClaim(_ replies: Replies, _ index: Int) {
    let place = replies.first
    let visit = events[index].visit
    switch replies.kind(place) {
    case .null:
      answers[index] = .appended
      claimed.insert(identity(visit))
    case .bytes:
      let digest = visit.event.digest
      let (prior, isAppended) = replies.withBytes(place) {
        (IdentityValue.prior($0, digest: digest), IdentityValue.isAppended($0))
      }
      switch prior {
      case nil: answers[index] = .leftOut(Self.foreign(identity(visit)))
      case .conflict: answers[index] = .conflict
      case .attempted where !isAppended && claimed.insert(identity(visit)).inserted: answers[index] = .resumed
      default: answers[index] = .known
      }
    default:
      let failure = replies.failure(at: place, of: core.server, under: identity(visit))
      if replies.isWrongType(place) { answers[index] = .leftOut(failure) } else { fail(failure) }
    }
  }

  private static func foreign(_ key: [UInt8]) -> ArchiveFailure {
    ArchiveFailure(
      message: "the key of an event's id holds what is no claim of ours: \(key.quotedKey)",
      hint: StoreFailure.foreignHint)
  }

  /// The second step: a log that this history has not met yet may be another program's.
  private func look() {
    open = 1
    for index in events.indices where isNew(index) {
      let visit = events[index].visit
      for append in visit.appends where !append.record.isEmpty {
        let key = core.logKey(visit, append)
        if memory.withLock({ $0.meets(key) }) { look(key) }
      }
    }
    finishedOne { [self] in append() }
  }

  private func look(_ key: [UInt8]) {
    fresh.insert(key)
    var commands = CommandBuffer()
    commands.range(key, from: 0)
    open += 1
    send(commands) { [self] replies in
      receiveLook(replies, key)
    } next: { [self] in
      append()
    }
  }

  private func receiveLook(_ replies: Replies, _ key: [UInt8]) {
    let place = replies.first
    let failure: ArchiveFailure
    if replies.kind(place) == .bytes {
      if replies.withBytes(place, { RecordView.areRecords($0) }) { return }
      failure = ArchiveFailure(
        message: "the log of an entity holds bytes that are no records: \(key.quotedKey)",
        hint: StoreFailure.foreignHint)
    } else {
      failure = replies.failure(at: place, of: core.server, under: key)
      guard replies.isWrongType(place) else { return fail(failure) }
    }
    if !memory.withLock({ $0.shun(key, failure) }) { fail(failure) }
  }

  /// The third step: in order, so that each log gets its records in the order of the events.
  private func append() {
    open = 1
    for index in events.indices where isNew(index) { append(index) }
    finishedOne { [self] in remember() }
  }

  private func append(_ index: Int) {
    let recorded = events[index]
    let visit = recorded.visit
    let nonce = core.nextNonce()
    var exclusion = recorded.isExcluded ? visit.exclusionRecord() : []
    if !exclusion.isEmpty { RecordFormat.setNonce(nonce, of: &exclusion) }
    for append in visit.appends where !append.record.isEmpty {
      let key = core.logKey(visit, append)
      if let failure = memory.withLock({ $0.unfit[key] }) {
        answers[index] = .leftOut(failure)
        continue
      }
      let layout = visit.plan.layouts[append.entity]
      var record = Array(visit.bytes[append.record])
      RecordFormat.setNonce(nonce, of: &record)
      var commands = CommandBuffer()
      commands.append(key, record.rawBytes)
      if layout.countsAcceptedOnly && !exclusion.isEmpty { commands.append(key, exclusion.rawBytes) }
      if fresh.remove(key) != nil {
        commands.beginExpiry(key, milliseconds: layout.expiry)
        commands.prolong(key, milliseconds: layout.expiry)
      }
      if core.settings.waitsForReplica { commands.waitForReplica(milliseconds: core.replicaPatience) }
      let count = commands.count
      open += 1
      send(commands) { [self] replies in
        receiveAppend(replies, count, key, layout)
      } next: { [self] in
        remember()
      }
    }
  }

  /// Each of the replies matters: an event whose exclusion was refused, or that no replica has, must not be marked.
  private func receiveAppend(_ replies: Replies, _ count: Int, _ key: [UInt8], _ layout: FoldLayout) {
    let places = replies.first..<replies.first + count
    if let refused = places.first(where: { replies.kind($0) != .integer }) {
      return fail(replies.failure(at: refused, of: core.server))
    }
    if core.settings.waitsForReplica, replies.integer(places.upperBound - 1) < 1 {
      return fail(
        ArchiveFailure(message: "no replica has acknowledged the records", hint: RedisCore.replicaHint))
    }
    let length = Int(clamping: replies.integer(replies.first))
    if memory.withLock({ $0.isDue(key, length: length) }) { long[key] = layout }
  }

  /// The fourth step.
  private func remember() {
    open = 1
    for index in events.indices where isNew(index) {
      let visit = events[index].visit
      let digest = visit.event.digest
      let value =
        events[index].decision.map { IdentityValue.decided(digest, $0) } ?? IdentityValue.appended(digest)
      var commands = CommandBuffer()
      commands.remember(visit.idBytes, value, keys: core.keys)
      open += 1
      send(commands) { [self] replies in
        if replies.kind(replies.first) == .error { fail(replies.failure(at: replies.first, of: core.server)) }
      } next: { [self] in
        trim()
      }
    }
    finishedOne { [self] in trim() }
  }

  /// Logs that have grown long are written anew, so that a visit has less to read.
  private func trim() {
    open = 1
    for (key, layout) in long {
      var commands = CommandBuffer()
      commands.range(key, from: 0)
      open += 1
      send(commands) { [self] replies in
        guard replies.kind(replies.first) == .bytes else {
          return fail(replies.failure(at: replies.first, of: core.server))
        }
        replies.withBytes(replies.first) { trim(key, $0, layout) }
      } next: { [self] in
        finish()
      }
    }
    finishedOne { [self] in finish() }
  }

  private func trim(_ key: [UInt8], _ whole: RawSpan, _ layout: FoldLayout) {
    let log = CachedLog(key: key, hash: 0, layout: layout, trimAt: .max)
    do throws(StoreFailure) {
      try log.replace(by: whole, layout: layout)
      core.trim(log, layout)
      memory.withLock { $0.postpone(key, to: log.trimAt) }
    } catch {
      fail(
        ArchiveFailure(message: error.message, hint: "another program writes there: choose another namespace")
      )
    }
  }

  private func finish() { done(.success(answers)) }

  private func isNew(_ index: Int) -> Bool { answers[index] == .appended || answers[index] == .resumed }

  private func identity(_ visit: borrowing Visit) -> [UInt8] { core.keys.identity(visit.idBytes) }

  private func fail(_ failure: ArchiveFailure) { self.failure = self.failure ?? failure }

  /// Sends one group of a step; `next` is the step after it.
  private func send(
    _ commands: CommandBuffer, receive: @escaping (Replies) -> Void, next: @escaping () -> Void
  ) {
    core.statistics.commands += commands.count
    core.transport.send(commands, deadline: core.clock.now + core.settings.timeout) { [self] result in
      switch result.answer {
      case .success(let replies): receive(replies)
      case .failure(let failure): fail(failure)
      }
      finishedOne(next)
    }
  }

  /// One group of a step is answered; with the last the next step begins, or the batch ends with the first failure.
  private func finishedOne(_ next: () -> Void) {
    open -= 1
    guard open == 0 else { return }
    if let failure { done(.failure(failure)) } else { next() }
  }
}
