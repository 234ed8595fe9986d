import CEL
import Dispatch
import Events
package import Windows

/// Takes generated events through a store, one after another, and compares every answer with the oracle.
package struct WindowStreamRun<Store: WindowStore> {
  package let store: Store
  package var plan: WindowPlan {
    didSet { hasReloaded = true }
  }
  /// After a reload, windows that reach to what another plan's limits pushed out may be called saturated.
  private var hasReloaded = false
  /// Whether the store may have evicted entities and forgotten ids: then an answer may be `evicted` instead.
  package let forgets: Bool
  private var logs: [String: [WindowOracle.Record]] = [:]
  private var known: [String: (digest: EventDigest, decision: [UInt8]?)] = [:]
  /// Answers compared, and how many of these were `evicted`, `saturated`, `warming` or failures.
  package private(set) var compared = 0
  package private(set) var evicted = 0
  package private(set) var saturated = 0
  package private(set) var warming = 0
  package private(set) var failed = 0
  /// Of features kept by panes.
  package private(set) var paned = 0
  /// After a reload: called saturated, or a lower bound, though the whole log would tell more.
  package private(set) var conservative = 0

  package init(store: Store, plan: WindowPlan, forgets: Bool = false) {
    self.store = store
    self.plan = plan
    self.forgets = forgets
  }

  /// Sends one event; returns the first difference from the oracle, or nil. With `decision` it is remembered
  /// afterwards, with `blocks` excluded.
  package mutating func send(_ event: WindowEvent, decision: [UInt8]?, blocks: Bool) -> String? {
    let featureCount = plan.entities.reduce(0) { $0 + $1.features.count }
    let visit = exchange(event.decoded(featureCount: featureCount))
    if let failure = visit.failure { return "store failed: \(failure.message)" }
    let prior = expectedPrior(event, digest: visit.event.digest)
    if visit.prior != prior && !(forgets && (visit.prior == .first || visit.prior == .attempted)) {
      return "prior is \(visit.prior), expected \(prior)"
    }
    if forgets && visit.prior == .first && !event.isRehearsal { known[event.id] = nil }
    if prior == .conflict { return nil }
    if case .decided = visit.prior { return nil }
    for entity in plan.entities {
      if let difference = compare(event, entity, visit) { return difference }
    }
    if event.isRehearsal { return nil }
    if known[event.id] == nil { known[event.id] = (visit.event.digest, nil) }
    if let decision {
      store.remember(visit, decision: decision)
      known[event.id]?.decision = decision
    }
    if blocks { exclude(event, visit) }
    return nil
  }

  private func exchange(_ event: consuming Event) -> Visit {
    let visit = Visit.prepare(event, plan: plan)
    return waitFor { resume in store.exchange(visit, resume: resume) }
  }

  private mutating func exclude(_ event: WindowEvent, _ visit: Visit) {
    _ = waitFor { resume in store.exclude(visit, resume: resume) }
    for entity in plan.entities where entity.features.contains(where: \.countsAcceptedOnly) {
      guard let key = event.key(in: entity), entity.recordsType[event.type] || event.hasTarget else {
        continue
      }
      logs[key, default: []].append(
        WindowOracle.Record(
          id: "", type: 0, time: event.time, target: event.id, effect: .excludes, columns: [:]))
    }
  }

  private func expectedPrior(_ event: WindowEvent, digest: EventDigest) -> Prior {
    guard let known = known[event.id] else { return .first }
    if known.digest != digest { return .conflict }
    return known.decision.map { .decided($0) } ?? .attempted
  }

  /// Compares all features of one entity, and appends to the oracle's log.
  private mutating func compare(_ event: WindowEvent, _ entity: EntityPlan, _ visit: Visit) -> String? {
    guard let key = event.key(in: entity) else { return nil }
    var log = logs[key, default: []]
    let writes = entity.recordsType[event.type] || event.hasTarget
    let newest = log.lazy.filter { $0.effect != .excludes }.map(\.time).max()
    let living = log.firstIndex { record in
      record.effect != .excludes && record.id == event.id
        && (entity.retentionMilliseconds == .max
          || record.time > (newest ?? 0) - entity.retentionMilliseconds)
    }
    if writes && living == nil {
      log.append(event.record(in: entity, typeTags: plan.typeTags))
      if !event.isRehearsal { logs[key] = log }
    }
    if writes, let living { log.removeSubrange((living + 1)...) }
    let oracle = WindowOracle(entity: entity, lateness: plan.latenessMillisecondsMax)
    let currency: String? =
      if case .text(let text) = event.slots[WindowEvent.Fields.currency] { text } else { nil }
    for feature in entity.features {
      let expected = oracle.read(feature, log: log, ownIsLast: writes, time: event.time, currency: currency)
      let slot = visit.event.frame.slots[feature.slot]
      count(slot)
      if slot.flags.contains(.evicted) && slot.kind == .missing && (forgets || known[event.id] != nil) {
        continue
      }
      let answer = WindowOracle.Answer(slot, feature, visit.event.frame)
      if feature.panes != nil {
        paned += 1
        let bounds = oracle.readPanes(
          feature, log: log, ownIsLast: writes, time: event.time, currency: currency)
        guard
          let difference = oracle.difference(
            feature, slot, answer, from: bounds, hasReloaded: hasReloaded)
        else { continue }
        return "\(feature) of \(key) at \(event): \(difference)"
      }
      if hasReloaded && slot.flags.contains(.saturated) {
        let whole = oracle.read(
          feature, log: log, ownIsLast: writes, time: event.time, currency: currency, hasLimit: false)
        guard answer.isConservative(feature, whole: whole.answer) else {
          return "\(feature) of \(key) at \(event): \(answer) \(slot.flags), at most \(whole)"
        }
        if answer != expected.answer || !expected.saturated { conservative += 1 }
        continue
      }
      guard answer == expected.answer, slot.flags.contains(.saturated) == expected.saturated,
        slot.flags.contains(.warming) == expected.warming || forgets || hasReloaded,
        !slot.flags.contains(.evicted)
      else {
        return "\(feature) of \(key) at \(event): \(answer) \(slot.flags), expected \(expected)"
      }
    }
    return nil
  }

  private mutating func count(_ slot: Slot) {
    compared += 1
    if slot.flags.contains(.evicted) { evicted += 1 }
    if slot.flags.contains(.saturated) { saturated += 1 }
    if slot.flags.contains(.warming) { warming += 1 }
    if slot.kind == .failure { failed += 1 }
  }
}

extension WindowEvent {
  /// Whether it takes back or changes another.
  package var hasTarget: Bool { reverses != nil || amends != nil }
}

/// Waits until a store has finished a visit, whether at once or through its `resume`.
package func waitFor(
  _ call: (@escaping @Sendable (consuming Visit) -> Void) -> Visit?
) -> Visit {
  let done = DispatchSemaphore(value: 0)
  let box = Guarded<Visit?>(nil)
  if let visit = call({ visit in
    let finished = visit
    box.withLock { $0 = finished }
    done.signal()
  }) {
    return visit
  }
  done.wait()
  guard let visit = box.withLock({ $0 }) else { preconditionFailure("resume was given no visit") }
  return visit
}
