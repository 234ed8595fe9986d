import Assay

/// What an answer may be, given what was sent and answered before.
extension ChaosState {
  mutating func take(_ answer: Result<Decision, EventRefusal>, to serial: Int) -> Bool {
    let moment = tick()
    figures.answers += 1
    guard let entry = entry(serial) else { return false }
    switch answer {
    case .failure(let refusal):
      take(refusal, entry, moment)
      return false
    case .success(let decision):
      if decision.event != entry.event.id {
        figures.violate("`\(entry.event.id)` was given the answer to `\(decision.event)`")
      }
      if let reason = decision.degraded {
        figures.degraded += 1
        if !losesData && reason.hasPrefix("evicted") {
          figures.violate("`\(entry.event.id)` is degraded: \(reason)")
        }
        change(serial) {
          $0.wasDegraded = true
          if decision.outcome == .block { $0.wasBlocked = true }
        }
        return true
      }
      accept(decision, entry, moment)
      return false
    }
  }

  private mutating func take(_ refusal: EventRefusal, _ entry: ChaosEntry, _ moment: Int) {
    figures.conflicts += 1
    if refusal.code != EventRefusal.conflict {
      figures.violate("`\(entry.event.id)` was refused: \(refusal)")
    } else if entry.rivals.isEmpty {
      figures.violate("`\(entry.event.id)` is a conflict with an event that was never sent")
    } else if entry.acknowledged != nil && !losesData {
      figures.violate("`\(entry.event.id)` was decided, and is a conflict now")
    }
    change(entry.event.serial) { $0.refused = $0.refused ?? moment }
  }

  private mutating func accept(_ decision: Decision, _ entry: ChaosEntry, _ moment: Int) {
    let serial = entry.event.serial
    if !losesData && (entry.refused != nil || entry.rivals.contains { self.entry($0)?.acknowledged != nil }) {
      figures.violate("`\(entry.event.id)` was decided with two contents")
    }
    if decision.outcome == .block { figures.blocked += 1 }
    if decision.recomputed && !decision.repeated { figures.recomputed += 1 }
    // Two attempts at once are both decided; but only one of them as if there were no other.
    if !losesData && !decision.repeated && !decision.recomputed && entry.isDecidedAsFirst {
      figures.violate("`\(entry.event.id)` was decided twice as if for the first time")
    }
    if decision.repeated {
      figures.repeated += 1
    } else if decision.late {
      figures.late += 1
    } else {
      compare(decision, entry)
    }
    change(serial) {
      $0.acknowledged = $0.acknowledged ?? moment
      if decision.outcome == .block { $0.wasBlocked = true } else { $0.wasAllowed = true }
      if decision.repeated { $0.repeats.append(decision) } else { $0.decisions.append(decision) }
    }
  }

  /// The counts of a decision lie between what was acknowledged before its event was sent first, and what was sent
  /// before it was answered.
  private mutating func compare(_ decision: Decision, _ entry: ChaosEntry) {
    figures.compared += 1
    for entity in entry.event.entities {
      let seen = ChaosSeen(decision, entity.kind)
      guard let seen else {
        figures.unknown += 1
        if !losesData {
          figures.violate(
            "`\(entry.event.id)`: the windows of `\(entity.name)` are unknown"
              + (decision.recomputed ? ", recomputed" : ""))
        }
        continue
      }
      let (certain, possible) = tallies(of: entity, for: entry)
      let sumFits = seen.sum % 1_000 == entity.number * seen.count % 1_000
      if !sumFits || !seen.lies(between: certain, and: possible) {
        figures.violate(
          "`\(entry.event.id)` of `\(entity.name)`: \(seen), not between \(certain) and \(possible)"
            + (decision.recomputed ? ", recomputed" : ""))
      }
    }
  }

  private func isAtRisk(_ entry: ChaosEntry) -> Bool { entry.firstSent <= risks.last?.end ?? 0 }

  /// What the windows of an entity hold at least and at most.
  private func tallies(of entity: ChaosEntity, for own: ChaosEntry) -> (ChaosSeen, ChaosSeen) {
    var (certain, possible) = (ChaosSeen(), ChaosSeen())
    let since = own.event.time - ChaosRules.window
    for serial in payments[entity] ?? [] {
      guard let other = entry(serial), other.event.time > since, !other.isOut else { continue }
      let isOwn = serial == own.event.serial
      let undo = other.undo.flatMap { entry($0) }
      if !isOwn, let undo, let acknowledged = undo.acknowledged, acknowledged < own.firstSent, !isAtRisk(undo)
      {
        continue
      }
      possible.add(other.event, of: entity, accepted: isOwn || !other.isExcluded)
      let isKnown = isOwn || (other.acknowledged ?? .max) < own.firstSent && !isAtRisk(other)
      guard isKnown && undo == nil else { continue }
      certain.add(other.event, of: entity, accepted: !other.wasBlocked && (isOwn || other.wasAllowed))
    }
    return (certain, possible)
  }
}

/// What windows hold, or are said to hold.
struct ChaosSeen: Equatable, CustomStringConvertible {
  var count = 0
  var sum = 0
  var accepted: Int?
  var partners: Int?
  private var known: Set<ChaosEntity> = []

  init() {}

  /// What a decision says of an entity's windows; nil when any of them is unknown.
  init?(_ decision: Decision, _ kind: ChaosKind) {
    var values: [String: Int] = [:]
    for feature in decision.features {
      if case .int(let value) = feature.value { values[feature.name] = Int(value) }
    }
    guard let count = values["\(kind.field)_count"], let sum = values["\(kind.field)_sum"] else { return nil }
    self.count = count
    self.sum = sum
    switch kind {
    case .user:
      partners = values["user_devices"]
      accepted = values["user_accepted"]
      if partners == nil || accepted == nil { return nil }
    case .device:
      partners = values["device_users"]
      if partners == nil { return nil }
    case .card: break
    }
  }

  mutating func add(_ event: ChaosEvent, of entity: ChaosEntity, accepted isAccepted: Bool) {
    count += 1
    sum += event.amount(for: entity)
    if isAccepted { accepted = (accepted ?? 0) + 1 }
    if let partner = event.partner(of: entity.kind) { known.insert(partner) }
    partners = known.count
  }

  func lies(between least: ChaosSeen, and most: ChaosSeen) -> Bool {
    guard count >= least.count, count <= most.count, sum >= least.sum, sum <= most.sum else { return false }
    if let partners, partners < least.partners ?? 0 || partners > most.partners ?? 0 { return false }
    if let accepted, accepted < least.accepted ?? 0 || accepted > most.accepted ?? 0 { return false }
    return true
  }

  var description: String {
    "(\(count), sum \(sum), accepted \(accepted ?? 0), with \(partners ?? 0))"
  }
}
