internal import CEL
internal import Events
internal import NIOCore
internal import Windows

/// Takes recorded events in, a batch at a time, in three steps that are each awaited:
///
///     SET id claim NX GET PX …       for each event: is it new?
///     APPEND log record              for each log of each new event, in the events' order; behind it the exclusion of
///                                    a blocked event, and PEXPIRE for a log that this history meets anew
///     SET id decision XX KEEPTTL     for each event that was appended; a mark where no decision is known
///
/// Whoever is stopped between two steps leaves claims without a mark behind: the next run appends those events once
/// more, and readers count the first record of an id.
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

/// What a recorder keeps from one batch to the next.
struct RecorderMemory: Sendable {
  /// Logs whose expiry was set, by hash: a collision leaves one with the expiry it had.
  private var renewed: Set<UInt64> = []
  /// Logs that were long, and the length at which they are looked at again.
  private var trimAt: [[UInt8]: Int] = [:]
  /// Beyond so many all are renewed once more: some 16 MB.
  private static let renewedMax = 1 << 20
  /// Shorter logs are left to whoever visits them. A visit must be able to read a log whole within its reply limit.
  static let trimBytesMin = 256 << 10

  /// Whether the expiry of a log is still to be set.
  mutating func renews(_ key: [UInt8]) -> Bool {
    if renewed.count >= Self.renewedMax { renewed.removeAll(keepingCapacity: true) }
    return renewed.insert(Hashing.hash(key.rawBytes, 0..<key.count, seed: Hashing.seed)).inserted
  }

  /// Whether a log of so many bytes is due for trimming.
  func isDue(_ key: [UInt8], length: Int) -> Bool {
    length >= Self.trimBytesMin && length >= trimAt[key] ?? Self.trimBytesMin
  }

  /// A log was trimmed, or was not worth it, and is left alone up to `length`.
  mutating func postpone(_ key: [UInt8], to length: Int) { trimAt[key] = max(length, Self.trimBytesMin) }
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
        identity(visit), IdentityValue.bytes(visit.event.digest),
        milliseconds: visit.plan.idRetentionMilliseconds)
      send(commands) { [self] replies in
        receiveClaim(replies, index)
      } next: { [self] in
        append()
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
      case nil: fail(Self.foreign)
      case .conflict: answers[index] = .conflict
      case .attempted where !isAppended && claimed.insert(identity(visit)).inserted: answers[index] = .resumed
      default: answers[index] = .known
      }
    default: fail(replies.failure(at: place, of: core.server))
    }
  }

  private static let foreign = ArchiveFailure(
    message: "the key of an event's id holds what is no claim of ours",
    hint: "another program writes there: choose another namespace")

  /// The second step: in order, so that each log gets its records in the order of the events.
  private func append() {
    open = 1
    for index in events.indices where isNew(index) { append(events[index]) }
    finishedOne { [self] in remember() }
  }

  private func append(_ recorded: RecordedEvent) {
    let visit = recorded.visit
    let nonce = core.nextNonce()
    let exclusion = recorded.isExcluded ? visit.exclusionRecord() : []
    for append in visit.appends where !append.record.isEmpty {
      let key = core.logKey(visit, append)
      let layout = visit.plan.layouts[append.entity]
      var record = Array(visit.bytes[append.record])
      RecordFormat.setNonce(nonce, of: &record)
      var commands = CommandBuffer()
      commands.append(key, record.rawBytes)
      if layout.countsAcceptedOnly && !exclusion.isEmpty { commands.append(key, exclusion.rawBytes) }
      let renews = layout.retention != .max && memory.withLock { $0.renews(key) }
      if renews { commands.expire(key, milliseconds: layout.expiry) }
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
      return fail(ArchiveFailure(message: "no replica has acknowledged the records", hint: Self.followHint))
    }
    let length = Int(clamping: replies.integer(replies.first))
    if memory.withLock({ $0.isDue(key, length: length) }) { long[key] = layout }
  }

  private static let followHint = "see that a replica follows the primary"

  /// The third step.
  private func remember() {
    open = 1
    for index in events.indices where isNew(index) {
      let visit = events[index].visit
      let digest = visit.event.digest
      let value =
        events[index].decision.map { IdentityValue.bytes(digest, decision: $0) }
        ?? IdentityValue.appended(digest)
      var commands = CommandBuffer()
      commands.remember(identity(visit), value)
      open += 1
      send(commands) { [self] replies in
        if replies.kind(replies.first) == .error { fail(replies.failure(at: replies.first, of: core.server)) }
      } next: { [self] in
        trim()
      }
    }
    finishedOne { [self] in trim() }
  }

  /// Logs that have grown long are written anew, so that a visit can read them.
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
