import Assay
import RedisWindows
import RuleSets
import TestSupport
import Windows

/// Several instances that decide events over one Redis, while that is dealt blow after blow.
package struct ChaosRun: Sendable {
  /// What a run is to be.
  package struct Plan: Sendable {
    /// Names the keys; decides what is drawn.
    package var seed: UInt64
    /// Decisions, at least; and how many events are sent between two checks of everything.
    package var decisions: Int
    package var roundSize: Int
    /// Whether acknowledged records may be lost: servers that keep nothing, fail-overs that wait for no replica.
    package var losesData: Bool
    /// The blows that come first, and the rounds that there are at least; after them all kinds come at random.
    package var opening: [ChaosFault] = []
    /// How soon after a blow every instance must be in full service; seconds.
    package var recoveryLimit = 1.0
    /// Instances, and callers at once.
    package var instances = 3
    package var callers = 48
    /// Blows in each round.
    package var blows = 2

    /// A run of so many decisions.
    package init(seed: UInt64, decisions: Int, roundSize: Int, losesData: Bool) {
      self.seed = seed
      self.decisions = decisions
      self.roundSize = roundSize
      self.losesData = losesData
    }
  }

  let plan: Plan
  let target: any ChaosTarget
  let rules: RuleSet
  let ledger: ChaosLedger
  let fleet: ChaosFleet

  /// Deals blows to `target` as `plan` says, stops it, and returns what was measured.
  package static func figures(
    _ plan: Plan, over target: any ChaosTarget
  ) async throws -> ChaosFigures {
    do {
      let run = try await ChaosRun(plan, over: target)
      defer { run.fleet.close() }
      let figures = try await run.run()
      await target.stop()
      return figures
    } catch {
      await target.stop()
      throw error
    }
  }

  private init(_ plan: Plan, over target: any ChaosTarget) async throws {
    self.plan = plan
    self.target = target
    rules = try ChaosRules.make()
    ledger = ChaosLedger(
      seed: plan.seed, population: max(plan.roundSize / 50, 10), roundSize: plan.roundSize,
      losesData: plan.losesData)
    fleet = try await ChaosFleet(
      rules: rules, target: target, namespace: "chaos\(plan.seed)", count: plan.instances)
  }

  /// Runs round after round and returns what was measured.
  private func run() async throws -> ChaosFigures {
    var random = SeededGenerator(seed: plan.seed ^ 0xC4A0_5000)
    var left = plan.opening
    var dealt = 0
    repeat {
      var blows: [ChaosFault] = []
      for _ in 0..<plan.blows {
        // Each kind comes once before any comes again.
        if left.isEmpty { left = target.faults.shuffled(using: &random) }
        blows.append(left.removeFirst())
      }
      try await round(blows, &random)
      dealt += blows.count
    } while dealt < plan.opening.count
      || ledger.withState({ $0.figures.decisions }) < plan.decisions
    let trims = try await fleet.sums().trims
    return ledger.withState { state in
      state.figures.trims = trims
      return state.figures
    }
  }

  private func round(_ blows: [ChaosFault], _ random: inout SeededGenerator) async throws {
    let isOver = Guarded(false)
    let callers = (0..<plan.callers).map { number in
      Task { await call(number, until: isOver) }
    }
    do {
      for (index, fault) in blows.enumerated() {
        await progress(to: plan.roundSize * (index + 1) / (blows.count + 2))
        try await deal(fault, &random)
        // So many, at least, are decided after each blow: only then is seen what it has left behind.
        await progress(to: ledger.withState { $0.sentInRound } + plan.roundSize / 4)
      }
      await progress(to: plan.roundSize)
    } catch {
      isOver.withLock { $0 = true }
      for caller in callers { await caller.value }
      throw error
    }
    isOver.withLock { $0 = true }
    for caller in callers { await caller.value }
    try await target.settle()
    try await settle()
    if Bool.random(using: &random) { try await fleet.replaceOne(&random) }
  }

  /// Waits until so many events of the round were sent.
  private func progress(to count: Int) async {
    while ledger.withState({ $0.sentInRound }) < count { try? await Task.sleep(for: .milliseconds(2)) }
  }

  /// One caller: sends events to any instance, tries again what was degraded, mostly.
  private func call(_ number: Int, until isOver: Guarded<Bool>) async {
    var random = SeededGenerator(seed: plan.seed &+ UInt64(number) &* 7_919)
    while !isOver.withLock({ $0 }) {
      var sending = ledger.next()
      for attempt in 0..<3 {
        let answer = await fleet.decide(sending.json, &random)
        guard ledger.take(answer, to: sending.serial) else { break }
        // Who hears that Redis is away does not ask at once again.
        try? await Task.sleep(for: .milliseconds(Int.random(in: 30...90, using: &random)))
        guard attempt < 2, Int.random(in: 0..<3, using: &random) == 0 else { break }
        sending = ledger.again(sending.serial)
      }
      // Past the round's size only so many events are needed as keep Redis busy.
      if ledger.withState({ $0.sentInRound }) > plan.roundSize {
        try? await Task.sleep(for: .milliseconds(10))
      }
    }
  }

  private func deal(_ fault: ChaosFault, _ random: inout SeededGenerator) async throws {
    let mayLose = plan.losesData && fault.mayLose
    ledger.withState { state in
      if mayLose { state.risks.append((fault, .max)) }
      state.figures.phase = "during `\(fault.rawValue)`"
    }
    let back = try await target.strike(fault, &random)
    let recoveries = await fleet.recover(since: back)
    try await target.settle()
    ledger.withState { state in
      if mayLose {
        state.risks.removeLast()
        state.risks.append((fault, state.tick()))
      }
      state.figures.phase = "after `\(fault.rawValue)`"
      state.figures.faults[fault.rawValue, default: 0] += 1
      state.take(recoveries, after: fault, limit: plan.recoveryLimit)
    }
  }

  /// Waits until nothing waits to be appended, and holds all logs against the ledger.
  private func settle() async throws {
    let isDrained = await fleet.drain(within: .seconds(30))
    let now = ledger.withState { state in
      if !isDrained { state.figures.violate("events still wait to be appended after 30 s") }
      return state.now
    }
    let lost = try await fleet.sums().lostEvents
    if lost > 0 { ledger.withState { $0.figures.violate("\(lost) events were given up") } }
    let names = ledger.withState { Array($0.payments.keys) }
    let probes = try await fleet.probe(names, at: now, attempt: UInt64(now))
    for name in names where probes[name] == nil {
      ledger.withState { $0.figures.violate("`\(name.name)` cannot be read when all is quiet") }
    }
    let logs = try readLogs(names)
    ledger.withState { $0.settle(logs: logs, probes: probes) }
  }

  /// The bytes of the logs, from the servers that hold them.
  private func readLogs(_ entities: [ChaosEntity]) throws -> [String: ChaosLog] {
    let known = Set(entities.map(\.name))
    var logs: [String: ChaosLog] = [:]
    for server in try target.holders() {
      let connection = try RedisWire(path: server.path)
      guard case .array(let keys) = try connection.call("KEYS", "chaos\(plan.seed):1:{*<*") else { continue }
      for case .bytes(let key) in keys {
        guard let start = key.lastIndex(of: UInt8(ascii: "<")) else { continue }
        let name = String(decoding: key[start...].dropLast(), as: UTF8.self)
        guard known.contains(name), case .bytes(let bytes) = try connection.call([Array("GET".utf8), key])
        else {
          continue
        }
        guard let log = ChaosLog(bytes) else {
          ledger.withState { $0.figures.violate("the log of `\(name)` holds what is no record") }
          continue
        }
        logs[name] = log
      }
    }
    return logs
  }
}

extension ChaosState {
  /// Takes how long the instances took to recover; nil stands for one that did not.
  mutating func take(_ recoveries: [Double?], after fault: ChaosFault, limit: Double) {
    for recovery in recoveries {
      guard let recovery else {
        figures.violate("an instance was not in service again long after `\(fault.rawValue)`")
        continue
      }
      figures.recoveries.append(recovery)
      if recovery >= limit { figures.violate("full service \(recovery) s after `\(fault.rawValue)`") }
    }
  }
}
