import Events
import RedisWindows
import TestSupport
import Windows

/// One seed: several processes decide a stream of events over one simulated Redis while things go wrong; every answer
/// and the state at the end are held against the promises of the design.
package final class FaultSimulation {
  let settings: SimulationSettings
  let clock = SimulatedClock()
  let redis: SimulatedRedis
  let network: SimulatedNetwork
  let plans: [WindowPlan]
  let ledger: SimulationLedger
  var random: SeededGenerator
  private(set) var instances: [SimulatedInstance] = []
  private var started = 0
  private var attempts = 0
  private let events: [WindowEvent]

  /// - Parameter isTraced: prints what happens.
  package init(seed: UInt64, isTraced: Bool = false) {
    var streams = WindowStreams(seed: seed)
    plans = [streams.plan(identity: 1), streams.plan(identity: 2), streams.plan(identity: 3)]
    events = streams.events(count: Int.random(in: 20...60, using: &streams.random))
    random = streams.random
    settings = SimulationSettings(&random, events: events.count)
    redis = SimulatedRedis(clock: clock)
    network = SimulatedNetwork(weather: settings.weather, seed: random.next())
    ledger = SimulationLedger(redis: redis, clock: clock, settings: settings)
    ledger.isTraced = isTraced
    ledger.trace("\(settings)")
    for _ in 0..<settings.instances { instances.append(start()) }
  }

  /// What was found to be wrong first; nil when every promise was kept.
  package func run() -> String? {
    // What is scheduled holds the simulation, which holds the clock.
    defer { clock.removeAll() }
    var moment: Int64 = 0
    for event in events {
      let isPause = chance(35, &random) && settings.pauseMax > 0
      moment += Int64.random(in: 0...(isPause ? settings.pauseMax : settings.gapMax), using: &random)
      clock.schedule(at: moment) { [self] in attempt(event) }
    }
    for mishap in settings.mishaps {
      clock.schedule(at: min(mishap.moment, moment)) { [self] in happen(mishap) }
    }
    while clock.now <= moment, ledger.violation == nil, clock.step() {}
    clock.pass(100_000_000)
    calm()
    clock.pass(100_000_000)
    if ledger.violation == nil { awaitBacklogs() }
    if ledger.violation == nil { ledger.checkEnd(instances) }
    if ledger.violation == nil { probe() }
    if ledger.violation == nil { ledger.checkFinished() }
    return ledger.violation
  }

  /// What happened, for totals.
  package var report: SimulationReport {
    var report = ledger.report
    for instance in instances {
      let one = instance.core.report
      report.trims += one.trims
      report.rereads += one.rereads
      report.slicedReads += one.slicedReads
      report.lostLogs += one.lostLogs
      report.appendedLate += one.appendedLate
      report.lostEvents += one.lostEvents
    }
    return report
  }

  private func start() -> SimulatedInstance {
    started += 1
    let instance = SimulatedInstance(
      started, redis: redis, network: network, clock: clock, settings: settings.store)
    if ledger.isTraced { trace(instance) }
    return instance
  }

  private func trace(_ instance: SimulatedInstance) {
    instance.transport.trace = { [ledger] visit, arguments in
      let words = arguments.map { argument in
        argument.count > 26 && argument[4] < 6 && argument[3] == 0
          ? LoggedRecord(argument).description
          : String(decoding: argument, as: UTF8.self).filter { $0.isASCII && !$0.isNewline && $0 >= " " }
      }
      let group = visit.map { "attempt \($0)" } ?? "itself"
      ledger.trace("  \(instance.number) for \(group): \(words.joined(separator: " ").prefix(200))")
    }
  }

  /// Sends an event to some process, and what follows from its answer.
  private func attempt(_ event: WindowEvent) {
    let plan = chance(settings.reloads, &random) ? pick(plans, &random) : plans[0]
    send(event, to: pick(instances, &random), plan: plan)
  }

  private func send(_ event: WindowEvent, to instance: SimulatedInstance, plan: WindowPlan) {
    attempts += 1
    let featureCount = plan.entities.reduce(0) { $0 + $1.features.count }
    let visit = Visit.prepare(event.decoded(featureCount: featureCount), plan: plan)
    let attempt = SimulationAttempt(
      number: attempts, event: event, digest: visit.event.digest, plan: plan, instance: instance,
      sentAt: clock.now)
    ledger.sent(attempt, visit)
    instance.transport.visit = attempt.number
    instance.core.exchange(visit) { [self] visit in
      guard instance.isAlive else { return }
      ledger.answered(attempt, visit)
      follow(attempt, visit)
    }
    instance.transport.visit = nil
  }

  /// What a caller does with an answer: tries again, remembers the decision, excludes what was blocked.
  private func follow(_ attempt: SimulationAttempt, _ visit: Visit) {
    if attempt.isProbe { return }
    if chance(visit.failure != nil ? 40 : 8, &random) {
      let event = attempt.event
      clock.schedule(after: Int64.random(in: 0...30_000_000, using: &random)) { [self] in
        self.attempt(event)
      }
    }
    guard visit.failure == nil, visit.prior == .first || visit.prior == .attempted else { return }
    if chance(50, &random) && !attempt.event.isRehearsal {
      let decision = Array("\(attempt.event.id) \(attempt.number)".utf8)
      ledger.remembers(attempt, decision)
      attempt.instance.core.remember(visit, decision: decision)
    }
    if chance(20, &random) {
      attempt.instance.core.exclude(visit) { [self] _ in ledger.excluded(attempt, visit) }
    }
  }

  private func happen(_ mishap: SimulationSettings.Mishap) {
    ledger.report.mishaps += 1
    ledger.trace("\(mishap)")
    func later(_ body: @escaping () -> Void) { clock.schedule(after: mishap.duration, body) }
    switch mishap.kind {
    case .outage: outage(mishap.duration)
    case .failOver, .failOverWithLoss:
      redis.failOver(losing: mishap.kind == .failOver ? 0 : Int.random(in: 1...8, using: &random))
      network.generation += 1
      outage(min(mishap.duration, 5_000_000))
    case .deletion:
      if let key = ledger.keys.randomElement(using: &random) { redis.delete(key) }
    case .memoryFull: refuse("OOM command not allowed when used memory > 'maxmemory'.", later)
    case .readOnly: refuse("READONLY You can't write against a read only replica.", later)
    case .loading:
      redis.refusesAll = "LOADING Redis is loading the dataset in memory"
      later { [self] in redis.refusesAll = nil }
    case .kill:
      let index = Int.random(in: instances.indices, using: &random)
      instances[index].kill()
      instances[index] = start()
    case .cut: pick(instances, &random).transport.lose(executing: chance(50, &random))
    case .noReplica:
      redis.replicas = 0
      later { [self] in redis.replicas = 1 }
    }
  }

  private func outage(_ duration: Int64) {
    network.isDown = true
    for instance in instances { instance.transport.lose(executing: false) }
    clock.schedule(after: duration) { [self] in network.isDown = false }
  }

  private func refuse(_ line: String, _ later: (@escaping () -> Void) -> Void) {
    redis.refusesWrites = line
    later { [self] in redis.refusesWrites = nil }
  }

  /// All faults end.
  private func calm() {
    network.isDown = false
    network.weather = SimulatedNetwork.Weather()
    redis.refusesAll = nil
    redis.refusesWrites = nil
    redis.replicas = 1
  }

  private func awaitBacklogs() {
    let end = clock.now + 30_000_000_000
    while clock.now < end, instances.contains(where: { $0.core.report.backlogCount > 0 }) {
      clock.pass(50_000_000)
    }
    // What was sent in bad weather may still hold up what follows.
    let busyUntil = instances.reduce(clock.now) { max($0, $1.transport.busyUntil) }
    clock.pass(busyUntil - clock.now + 50_000_000)
    for instance in instances where instance.core.report.backlogCount > 0 {
      ledger.fail("a backlog of \(instance.core.report.backlogCount) is never flushed")
    }
  }

  /// Asks every process, and one that knows nothing yet, about every entity.
  private func probe() {
    var number = 0
    let time = (events.map(\.time).max() ?? 0) + 1
    for user in ["u", "v", "w"] {
      for device in ["d", "e"] {
        for instance in instances + [start()] where ledger.violation == nil {
          number += 1
          var event = WindowEvent(id: "probe\(number)", type: 0, time: time)
          (event.user, event.device) = (user, device)
          event.isRehearsal = number % 2 == 0
          ledger.probes += 1
          send(event, to: instance, plan: plans[0])
          clock.pass(100_000_000)
        }
      }
    }
  }
}

/// What happened in one simulation or many.
package struct SimulationReport {
  package var answered = 0
  package var degraded = 0
  /// The same by reason.
  package var reasons: [String: Int] = [:]
  package var repeated = 0
  package var conflicts = 0
  package var compared = 0
  package var paned = 0
  package var evicted = 0
  package var conservative = 0
  package var mishaps = 0
  package var trims = 0
  package var rereads = 0
  package var slicedReads = 0
  package var lostLogs = 0
  package var appendedLate = 0
  package var lostEvents = 0

  package init() {}

  package static func += (sum: inout Self, one: Self) {
    sum.answered += one.answered
    sum.degraded += one.degraded
    sum.reasons.merge(one.reasons) { $0 + $1 }
    sum.repeated += one.repeated
    sum.conflicts += one.conflicts
    sum.compared += one.compared
    sum.paned += one.paned
    sum.evicted += one.evicted
    sum.conservative += one.conservative
    sum.mishaps += one.mishaps
    sum.trims += one.trims
    sum.rereads += one.rereads
    sum.slicedReads += one.slicedReads
    sum.lostLogs += one.lostLogs
    sum.appendedLate += one.appendedLate
    sum.lostEvents += one.lostEvents
  }
}
