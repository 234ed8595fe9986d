internal import Assay
internal import RewardsSimulator
package import RuleSets

/// Decides the simulator's streams by a rule set, in memory, and counts by what each event truly is.
package struct WorthMeasure {
  /// Bytes for the windows of one stream.
  private static let bytesMax = 700 << 20

  let rules: RuleSet
  /// By rule, in the rule set's order.
  private(set) var figures: [RuleFigures]
  private let places: [String: Int]
  private(set) var frauds: [FraudKind: FraudFigures] = [:]
  private(set) var all = FraudFigures(kind: nil)
  private(set) var honest = HonestFigures()
  /// Accounts of frauds of which no event of the fraud came: they are of neither side.
  private(set) var idleFraudsters = 0
  private(set) var eventCount = 0
  /// Events that got no decision, by code: what the schema does not take.
  private(set) var refusals: [String: Int] = [:]

  package init(_ rules: RuleSet) {
    self.rules = rules
    figures = rules.rules.map { RuleFigures(id: $0.id, isShadow: $0.status == .shadow) }
    places = Dictionary(zip(figures.map(\.id), figures.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Measures one seed after the other; `look` is told of each that is done.
  package static func report(
    _ rules: RuleSet, _ plan: WorthPlan, look: (UInt64) -> Void = { _ in }
  ) -> WorthReport {
    var measure = WorthMeasure(rules)
    for seed in plan.seeds {
      measure.run(plan.plan(seed))
      look(seed)
    }
    return WorthReport(measure, plan)
  }

  /// Decides one stream over windows of its own.
  mutating func run(_ plan: Plan) {
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay), bytesMax: Self.bytesMax)
    let simulation = Simulation(plan)
    var players: [Int: PlayerRecord] = [:]
    while let event = simulation.next() {
      do throws(EventRefusal) {
        let decision = try engine.decide(event.line)
        if decision.repeated { continue }
        eventCount += 1
        count(event, decision, in: &players[event.user, default: PlayerRecord()])
      } catch {
        refusals[error.code, default: 0] += 1
      }
    }
    close(players)
  }

  private mutating func count(_ event: SimulatedEvent, _ decision: Decision, in player: inout PlayerRecord) {
    let isRaised = decision.outcome != .allow
    player.isFraudster = player.isFraudster || event.isFraudster
    player.isReviewed = player.isReviewed || isRaised
    player.isBlocked = player.isBlocked || decision.outcome == .block
    if let mark = event.mark {
      commit(event, mark, decision.outcome, in: &player)
    } else if !event.isFraudster {
      endure(event, isRaised: isRaised)
    }
    fire(decision, event, in: &player)
  }

  /// An event of a fraud.
  private func commit(
    _ event: SimulatedEvent, _ mark: SimulatedEvent.Mark, _ outcome: Outcome, in player: inout PlayerRecord
  ) {
    player.mark = mark
    player.firstAt = player.firstAt ?? event.time
    player.events += 1
    player.raisedEvents += outcome != .allow ? 1 : 0
    if event.type == .payoutRequested { player.pay(event.amount, isHeld: outcome != .allow, at: event.time) }
    if outcome == .block { player.blockedAt = player.blockedAt ?? event.time }
  }

  /// An honest event.
  private mutating func endure(_ event: SimulatedEvent, isRaised: Bool) {
    honest.events += 1
    honest.raisedEvents += isRaised ? 1 : 0
    guard event.type == .payoutRequested else { return }
    honest.payouts += 1
    honest.heldPayouts += isRaised ? 1 : 0
    honest.heldAmount += isRaised ? event.amount : 0
  }

  /// Which rules fired, and which of them alone raised the event. What a fraudster does besides the fraud counts for
  /// neither side.
  private mutating func fire(_ decision: Decision, _ event: SimulatedEvent, in player: inout PlayerRecord) {
    let isFraud = event.mark != nil
    guard isFraud || !event.isFraudster else { return }
    var sole: Set<Int> = []
    for reason in decision.reasons {
      guard let rule = places[reason.rule] else { continue }
      player.rules.insert(rule)
      figures[rule].fire(isFraud: isFraud)
      if decision.outcome != .allow, outcome(of: decision, without: reason.rule) == .allow {
        sole.insert(rule)
      }
    }
    for hit in decision.shadow { if let rule = places[hit.rule] { figures[rule].fire(isFraud: isFraud) } }
    for rule in sole { figures[rule].raiseAlone(isFraud: isFraud, amount: event.amount) }
    if isFraud, decision.outcome != .allow { player.soleRules = player.soleRules?.intersection(sole) ?? sole }
  }

  private func outcome(of decision: Decision, without rule: String) -> Outcome {
    var (score, least, isExcused) = (0, Outcome.allow, false)
    for reason in decision.reasons where reason.rule != rule {
      score += reason.score
      least = max(least, reason.decide ?? .allow)
      if reason.decide == .allow { isExcused = true }
    }
    for unknown in decision.notEvaluated { least = max(least, unknown.floor ?? .allow) }
    return max(least, isExcused ? .allow : rules.thresholds.outcome(of: score))
  }

  /// Adds up a stream's accounts.
  private mutating func close(_ players: [Int: PlayerRecord]) {
    var operations: [SimulatedEvent.Mark: Int] = [:]
    for record in players.values {
      if let mark = record.mark {
        frauds[mark.kind, default: FraudFigures(kind: mark.kind)].add(record)
        all.add(record)
        operations[mark, default: 0] += record.lost.count
        for rule in record.rules { figures[rule].fraudPlayers += 1 }
        for rule in record.soleRules ?? [] { figures[rule].onlyFraudPlayers += 1 }
      } else if record.isFraudster {
        idleFraudsters += 1
      } else {
        honest.players += 1
        honest.reviewedPlayers += record.isReviewed ? 1 : 0
        honest.blockedPlayers += record.isBlocked ? 1 : 0
        for rule in record.rules { figures[rule].honestPlayers += 1 }
      }
    }
    for (mark, paid) in operations {
      frauds[mark.kind]?.operations += 1
      frauds[mark.kind]?.paidByOperation.append(paid)
      all.operations += 1
      all.paidByOperation.append(paid)
    }
  }
}
