import CEL
import Dispatch
import Events
package import Windows

/// What every window store must do, whatever holds its bytes. Each store runs this unchanged.
package struct WindowStoreContract<Store: WindowStore>: Sendable {
  /// Makes a store that knows nothing.
  let make: @Sendable () -> Store

  package init(make: @escaping @Sendable () -> Store) { self.make = make }

  /// Runs every check; returns a sentence for each that failed.
  package func check() -> [String] {
    var failures: [String] = []
    let checks: [(String, (Store) -> String?)] = [
      ("retry", retry), ("conflict", conflict), ("attempt", attempt), ("rehearsal", rehearsal),
      ("rehearsed repeat", rehearsedRepeat), ("amended own", amendedOwn), ("stray date", strayDate),
      ("reversal", reversal), ("amendment", amendment), ("exclusion", exclusion), ("reload", reload),
      ("position", position), ("lateness", lateness), ("missing key", missingKey),
      ("concurrency", concurrency), ("panes", panes),
      ("concurrent repeats", concurrentRepeats),
    ]
    for (name, run) in checks {
      if let failure = run(make()) { failures.append("\(name): \(failure)") }
    }
    return failures
  }
}

extension WindowStoreContract {
  /// count over 100 ms of all, of accepted; sum of amounts; since the last.
  package static var plan: WindowPlan { plan(identity: 1, over: 100) }

  static func plan(identity: UInt64, over: Int64) -> WindowPlan {
    let first = WindowEvent.Fields.features
    let features = [
      FeaturePlan(slot: first, aggregation: .count, types: [11], overMilliseconds: over),
      FeaturePlan(
        slot: first + 1, aggregation: .count, types: [11], overMilliseconds: over, countsAcceptedOnly: true),
      FeaturePlan(slot: first + 2, aggregation: .sum, types: [11], value: 0, overMilliseconds: over),
      FeaturePlan(slot: first + 3, aggregation: .sinceLast, types: [11], overMilliseconds: over),
    ]
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: features,
      recordsType: [true, true, false], readsByType: Array(repeating: [0, 1, 2, 3], count: 3),
      retentionMilliseconds: 1_000)
    return WindowPlan(
      identity: identity, typeTags: [11, 12, 13], entities: [entity], latenessMillisecondsMax: 50,
      idRetentionMilliseconds: 86_400_000)
  }

  private func event(_ id: String, _ time: Int64, amount: Int64 = 1, type: Int = 0) -> WindowEvent {
    var event = WindowEvent(id: id, type: type, time: time)
    event.slots[WindowEvent.Fields.amount] = .int(amount)
    return event
  }

  private func send(_ event: WindowEvent, to store: Store, plan: WindowPlan = Self.plan) -> Visit {
    let visit = Visit.prepare(event.decoded(featureCount: 4), plan: plan)
    return waitFor { resume in store.exchange(visit, resume: resume) }
  }

  /// The features of a visit as numbers; nil where missing.
  private func values(_ visit: Visit) -> [Int64?] {
    (0..<4).map { index in
      let slot = visit.event.frame.slots[WindowEvent.Fields.features + index]
      return slot.kind == .missing ? nil : slot.integer
    }
  }

  private func expect(_ visit: Visit, _ expected: [Int64?], prior: Prior = .first) -> String? {
    if let failure = visit.failure { return "failed: \(failure.message)" }
    if visit.prior != prior { return "prior is \(visit.prior), expected \(prior)" }
    return values(visit) == expected ? nil : "\(values(visit)), expected \(expected)"
  }

  private func retry(_ store: Store) -> String? {
    let first = send(event("a", 10), to: store)
    if let failure = expect(first, [1, 1, 1, nil]) { return failure }
    store.remember(first, decision: [1, 2, 3])
    let second = send(event("a", 10), to: store)
    if second.prior != .decided([1, 2, 3]) { return "prior is \(second.prior)" }
    if second.event.frame.slots.count > WindowEvent.Fields.features, values(second) != [nil, nil, nil, nil] {
      return "a decided event's frame was touched"
    }
    return expect(send(event("b", 11), to: store), [2, 2, 2, 1])
  }

  private func conflict(_ store: Store) -> String? {
    _ = send(event("a", 10), to: store)
    let second = send(event("a", 10, amount: 2), to: store)
    if second.prior != .conflict { return "prior is \(second.prior)" }
    return expect(send(event("b", 11), to: store), [2, 2, 2, 1])
  }

  /// Without a decision a repeat sees its first position; where nothing was appended it is appended now.
  private func attempt(_ store: Store) -> String? {
    _ = send(event("a", 10), to: store)
    _ = send(event("b", 12), to: store)
    _ = send(event("c", 14), to: store)
    if let failure = expect(send(event("b", 12), to: store), [2, 2, 2, 2], prior: .attempted) {
      return failure
    }
    // The other entity of this id has seen nothing yet: as after a first attempt that got half way.
    var moved = Visit.prepare(event("b", 12).decoded(featureCount: 4), plan: Self.plan)
    var other = event("b", 12)
    other.user = "other"
    let digest = moved.event.digest
    moved = Visit.prepare(other.decoded(featureCount: 4), plan: Self.plan)
    moved.event.digest = digest
    let visit = moved
    let half = waitFor { resume in store.exchange(visit, resume: resume) }
    if let failure = expect(half, [1, 1, 1, nil], prior: .attempted) { return failure }
    return expect(send(event("d", 15), to: store), [4, 4, 4, 1])
  }

  private func rehearsal(_ store: Store) -> String? {
    _ = send(event("a", 10), to: store)
    for _ in 0..<2 {
      var dry = event("b", 11)
      dry.isRehearsal = true
      let visit = send(dry, to: store)
      if let failure = expect(visit, [2, 2, 2, 1]) { return failure }
      store.remember(visit, decision: [1])
    }
    return expect(send(event("b", 11), to: store), [2, 2, 2, 1])
  }

  /// A dry run finds what an earlier delivery left, and leaves nothing.
  private func rehearsedRepeat(_ store: Store) -> String? {
    func rehearse(_ event: WindowEvent) -> Visit {
      var dry = event
      dry.isRehearsal = true
      return send(dry, to: store)
    }
    if rehearse(event("a", 10)).prior != .first { return "a dry run knows an id that never came" }
    let first = send(event("a", 10), to: store)
    if let failure = expect(first, [1, 1, 1, nil]) { return failure }
    if let failure = expect(rehearse(event("a", 10)), [1, 1, 1, nil], prior: .attempted) { return failure }
    if rehearse(event("a", 10, amount: 2)).prior != .conflict { return "no conflict" }
    store.remember(first, decision: [7])
    let decided = rehearse(event("a", 10)).prior
    return decided == .decided([7]) ? nil : "prior is \(decided)"
  }

  /// A column that tells of the event itself is not amended; the others are.
  private func amendedOwn(_ store: Store) -> String? {
    let slot = WindowEvent.Fields.features
    let own = WindowEvent.columns.firstIndex { $0.isOwn && $0.kind == .int } ?? 0
    let features = [0, own].enumerated().map { index, column in
      FeaturePlan(slot: slot + index, aggregation: .sum, types: [11], value: column, overMilliseconds: 100)
    }
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: features,
      recordsType: [true, true], readsByType: [[0, 1], [0, 1]], retentionMilliseconds: 100)
    let plan = WindowPlan(
      identity: 9, typeTags: [11, 12], entities: [entity], latenessMillisecondsMax: 0,
      idRetentionMilliseconds: 1)
    var changes = event("m", 11, amount: 7, type: 1)
    changes.amends = "a"
    _ = send(event("a", 10, amount: 5), to: store, plan: plan)
    let after = Array(values(send(changes, to: store, plan: plan))[..<2])
    if after != [7, 5] { return "\(after), expected 7 and 5" }
    changes = event("n", 12, amount: 70, type: 1)
    changes.amends = "b"
    _ = send(changes, to: store, plan: plan)
    let early = Array(values(send(event("b", 13, amount: 1), to: store, plan: plan))[..<2])
    return early == [77, 6] ? nil : "\(early), expected 77 and 6"
  }

  /// One event of the far future does not make the store forget the ids of all others.
  private func strayDate(_ store: Store) -> String? {
    for number in 0..<2_000 {
      var other = event("e\(number)", Int64(number))
      other.user = "u\(number)"
      store.remember(send(other, to: store), decision: [UInt8](repeating: 1, count: 2_000))
    }
    _ = send(event("stray", 253_370_764_800_000), to: store)
    for number in 2_000..<2_100 {
      var other = event("e\(number)", Int64(number))
      other.user = "u\(number)"
      _ = send(other, to: store)
    }
    var first = event("e0", 0)
    first.user = "u0"
    let prior = send(first, to: store).prior
    if case .decided = prior { return nil }
    return "prior is \(prior)"
  }

  private func reversal(_ store: Store) -> String? {
    _ = send(event("a", 10), to: store)
    var takesBack = event("r", 11, type: 1)
    takesBack.reverses = "a"
    if let failure = expect(send(takesBack, to: store), [0, 0, 0, nil]) { return failure }
    var early = event("s", 12, type: 1)
    early.reverses = "b"
    _ = send(early, to: store)
    if let failure = expect(send(event("b", 13), to: store), [0, 0, 0, nil]) { return failure }
    return expect(send(event("c", 14), to: store), [1, 1, 1, nil])
  }

  private func amendment(_ store: Store) -> String? {
    _ = send(event("a", 10, amount: 5), to: store)
    var changes = event("m", 11, amount: 7, type: 1)
    changes.amends = "a"
    if let failure = expect(send(changes, to: store), [1, 1, 7, 1]) { return failure }
    var early = event("n", 12, amount: 100, type: 1)
    early.amends = "b"
    _ = send(early, to: store)
    return expect(send(event("b", 13, amount: 1), to: store), [2, 2, 107, 3])
  }

  private func exclusion(_ store: Store) -> String? {
    let blocked = send(event("a", 10), to: store)
    _ = waitFor { resume in store.exclude(blocked, resume: resume) }
    return expect(send(event("b", 11), to: store), [2, 1, 2, 1])
  }

  private func reload(_ store: Store) -> String? {
    for number in 0..<20 { _ = send(event("e\(number)", Int64(number) * 10), to: store) }
    let longer = Self.plan(identity: 2, over: 150)
    return expect(send(event("z", 195), to: store, plan: longer), [16, 16, 16, 5])
  }

  /// An event sees what was appended before it, whatever the times say, and nothing after.
  private func position(_ store: Store) -> String? {
    _ = send(event("a", 50), to: store)
    if let failure = expect(send(event("b", 40), to: store), [2, 2, 2, 0]) { return failure }
    if let failure = expect(send(event("q", 60, type: 2), to: store), [2, 2, 2, 10]) { return failure }
    return expect(send(event("c", 150), to: store), [1, 1, 1, nil])
  }

  private func lateness(_ store: Store) -> String? {
    _ = send(event("a", 1_000), to: store)
    if send(event("b", 950), to: store).late { return "an event within lateness is called late" }
    return send(event("c", 949), to: store).late ? nil : "an event beyond lateness is not called late"
  }

  private func missingKey(_ store: Store) -> String? {
    var anonymous = event("a", 10)
    anonymous.user = nil
    return expect(send(anonymous, to: store), [nil, nil, nil, nil])
  }

  /// Of many at once, in whatever order their times stand, exactly as many see a count of at most `k` as `k`.
  private func concurrency(_ store: Store) -> String? {
    let events = 64
    let counts = Guarded([Int64]())
    DispatchQueue.concurrentPerform(iterations: events) { number in
      let visit = send(event("e\(number)", 1_000 + Int64(number * 37 % events) / 4), to: store)
      let count = values(visit)[0] ?? -1
      counts.withLock { $0.append(count) }
    }
    let sorted = counts.withLock { $0 }.sorted()
    return sorted == (1...Int64(events)).map { $0 } ? nil : "counts are \(sorted)"
  }

  /// The same events from several threads are counted once each.
  private func concurrentRepeats(_ store: Store) -> String? {
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for number in 0..<32 { _ = send(event("e\(number)", 1_000), to: store) }
    }
    return expect(send(event("z", 1_000), to: store), [33, 33, 33, 0])
  }
}
