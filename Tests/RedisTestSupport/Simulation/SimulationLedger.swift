import CEL
import Events
import RedisWindows
import TestSupport
import Windows

/// One delivery of an event to one process.
final class SimulationAttempt {
  let number: Int
  let event: WindowEvent
  let digest: EventDigest
  let plan: WindowPlan
  let instance: SimulatedInstance
  let sentAt: Int64
  var answeredAt: Int64?
  /// The logs that get a record, and its content.
  var records: [(key: [UInt8], content: [UInt8])] = []
  var isDegraded = false

  init(
    number: Int, event: WindowEvent, digest: EventDigest, plan: WindowPlan, instance: SimulatedInstance,
    sentAt: Int64
  ) {
    self.number = number
    self.event = event
    self.digest = digest
    self.plan = plan
    self.instance = instance
    self.sentAt = sentAt
  }

  var isProbe: Bool { event.id.hasPrefix("probe") }
}

/// The history of a simulation, and what of it breaks a promise.
final class SimulationLedger {
  let redis: SimulatedRedis
  let clock: SimulatedClock
  let settings: SimulationSettings
  var report = SimulationReport()
  var probes = 0
  /// Where each process last saw the end of each log, when, and how many logs it had found to be lost by then.
  var known: [Int: [[UInt8]: (place: Int, moment: Int64, losses: Int)]] = [:]
  /// The first broken promise.
  private(set) var violation: String?
  /// The keys of all logs, in the order in which they were first named.
  private(set) var keys: [[UInt8]] = []
  private var knownKeys: Set<[UInt8]> = []
  /// What the oracle makes of a record's bytes.
  private(set) var contents: [[UInt8]: WindowOracle.Record] = [:]
  private(set) var attempts: [SimulationAttempt] = []
  /// What was ever sent under an id, and what was accepted.
  private(set) var digests: [String: Set<EventDigest>] = [:]
  private var accepted: [String: EventDigest] = [:]
  private var firsts: Set<String> = []
  private var decisions: [String: [(digest: EventDigest, decision: [UInt8])]] = [:]
  /// Records that were answered as conflicts.
  private(set) var conflicts: [(key: [UInt8], record: LoggedRecord, instance: SimulatedInstance)] = []
  private(set) var exclusions: [(key: [UInt8], id: String, instance: SimulatedInstance)] = []

  init(redis: SimulatedRedis, clock: SimulatedClock, settings: SimulationSettings) {
    self.redis = redis
    self.clock = clock
    self.settings = settings
  }

  /// Prints what happens, for a seed that is looked at.
  var isTraced = false

  func trace(_ line: @autoclosure () -> String) {
    if isTraced { print("\(clock.now / 1_000) µs: \(line())") }
  }

  /// Keeps the first violation.
  func fail(_ sentence: String) {
    if violation == nil { violation = "at \(clock.now): \(sentence)" }
  }

  func fail(_ attempt: SimulationAttempt, _ sentence: String) {
    fail("attempt \(attempt.number) of \(attempt.event.id): \(sentence)")
  }

  /// The key of an entity's log, as the layout is documented.
  static func key(_ visit: borrowing Visit, _ append: LogAppend) -> [UInt8] {
    Array("s:1:{".utf8) + visit.bytes[append.key] + Array("}".utf8)
  }

  static func identityKey(_ id: String) -> [UInt8] { Array("s:1:#\(id)".utf8) }

  /// Whether the store may have forgotten the id.
  func mayHaveForgotten(_ id: String) -> Bool { redis.lostKeys.contains(Self.identityKey(id)) }

  /// Whether an id was sent with one content only, so that nothing of it is ever taken back.
  func isUndisputed(_ id: String) -> Bool { digests[id]?.count == 1 }

  func sent(_ attempt: SimulationAttempt, _ visit: borrowing Visit) {
    trace(
      "attempt \(attempt.number): \(attempt.event.id) to \(attempt.instance.number) under \(attempt.plan.identity), \(attempt.event)"
    )
    attempts.append(attempt)
    digests[attempt.event.id, default: []].insert(attempt.digest)
    for append in visit.appends {
      let key = Self.key(visit, append)
      if knownKeys.insert(key).inserted { keys.append(key) }
      guard !append.record.isEmpty else { continue }
      let content = LoggedRecord.content(Array(visit.bytes[append.record]))
      contents[content] = attempt.event.record(
        in: attempt.plan.entities[append.entity], typeTags: attempt.plan.typeTags)
      attempt.records.append((key, content))
    }
  }

  func remembers(_ attempt: SimulationAttempt, _ decision: [UInt8]) {
    decisions[attempt.event.id, default: []].append((attempt.digest, decision))
  }

  func excluded(_ attempt: SimulationAttempt, _ visit: borrowing Visit) {
    for append in visit.appends where !append.record.isEmpty && !visit.event.dryRun {
      guard attempt.plan.entities[append.entity].features.contains(where: \.countsAcceptedOnly) else {
        continue
      }
      exclusions.append((Self.key(visit, append), attempt.event.id, attempt.instance))
    }
  }

  func answered(_ attempt: SimulationAttempt, _ visit: borrowing Visit) {
    report.answered += 1
    trace("attempt \(attempt.number) is answered: \(visit.prior), \(visit.failure?.message ?? "fine")")
    if attempt.answeredAt != nil { fail(attempt, "it was answered twice") }
    attempt.answeredAt = clock.now
    let id = visit.event.frame.arena[visit.event.id.range]
    if !id.elementsEqual(attempt.event.id.utf8) || visit.event.digest != attempt.digest {
      fail(attempt, "it got another event's answer")
    }
    if clock.now - attempt.sentAt > settings.store.timeout * 2 { fail(attempt, "it was answered too late") }
    if visit.failure != nil {
      report.degraded += 1
      report.reasons[visit.failure?.message ?? "", default: 0] += 1
      attempt.isDegraded = true
      // What an instance with a tiny cache forgets at once takes it many round trips each time.
      let isRead = attempt.instance.core.report.slicedReads == 0
      if attempt.isProbe && (isRead || visit.failure?.message != Self.stillBeingRead) {
        fail(attempt, "degraded though nothing fails: \(visit.failure?.message ?? "")")
      }
      return checkUntouched(attempt, visit)
    }
    switch visit.prior {
    case .conflict: conflict(attempt, visit)
    case .decided(let decision): decided(attempt, visit, decision)
    case .first, .attempted: counted(attempt, visit)
    }
  }

  private static let stillBeingRead = "the log of an entity is still being read"

  private func conflict(_ attempt: SimulationAttempt, _ visit: borrowing Visit) {
    report.conflicts += 1
    checkUntouched(attempt, visit)
    if isUndisputed(attempt.event.id) { fail(attempt, "a conflict, though no other content was ever sent") }
    if visit.event.dryRun { return }
    for append in visit.appends where !append.record.isEmpty {
      let record = LoggedRecord(Array(visit.bytes[append.record]))
      conflicts.append((Self.key(visit, append), record, attempt.instance))
    }
  }

  private func decided(_ attempt: SimulationAttempt, _ visit: borrowing Visit, _ decision: [UInt8]) {
    report.repeated += 1
    checkUntouched(attempt, visit)
    let known = decisions[attempt.event.id] ?? []
    if !known.contains(where: { $0.digest == attempt.digest && $0.decision == decision }) {
      fail(
        attempt, "it was given a decision that was never made: \(String(decoding: decision, as: UTF8.self))")
    }
  }

  private func counted(_ attempt: SimulationAttempt, _ visit: borrowing Visit) {
    let id = attempt.event.id
    if visit.prior == .attempted {
      report.repeated += 1
      if !attempts.contains(where: { $0.event.id == id && $0 !== attempt }) {
        fail(attempt, "it is called a repeat and was never sent before")
      }
    }
    if !mayHaveForgotten(id) && !visit.event.dryRun {
      if let digest = accepted[id] {
        if digest != attempt.digest { fail(attempt, "two contents of one id were accepted") }
      }
      if visit.prior == .first && !firsts.insert(id).inserted {
        fail(attempt, "it was counted a second time")
      }
      accepted[id] = attempt.digest
    }
    checkFeatures(attempt, visit)
    checkBacklog(attempt, visit)
  }

  /// Nothing that was read may be seen.
  private func checkUntouched(_ attempt: SimulationAttempt, _ visit: borrowing Visit) {
    for entity in attempt.plan.entities {
      for feature in entity.features where visit.event.frame.slots[feature.slot].kind != .missing {
        return fail(attempt, "a feature is to be seen though there is no answer")
      }
    }
  }
}
