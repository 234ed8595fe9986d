import Assay
import Foundation
import RewardsSimulator
import RuleSets
import TestSupport
import Testing

/// The simulator keeps its word: the same bytes for a seed, arrivals in order, and everything that rules must endure.
@Suite struct SimulatorTests {
  private static let plan = Plan(seed: 5, players: 150, days: 30)

  private static func events(_ plan: Plan) -> [SimulatedEvent] {
    let simulation = Simulation(plan)
    var events: [SimulatedEvent] = []
    while let event = simulation.next() { events.append(event) }
    return events
  }

  private static func object(_ event: SimulatedEvent) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(event.line)) as? [String: Any])
  }

  @Test func aSeedGivesTheSameBytesTwice() {
    let plan = Plan(seed: 9, players: 40, days: 10)
    let stream = RecordedStream(plan)
    let again = RecordedStream(plan)
    #expect(stream.lines == again.lines)
    #expect(stream.labels == again.labels)
    #expect(RecordedStream(Plan(seed: 10, players: 40, days: 10)).lines != stream.lines)
  }

  /// More honest players change nothing about what a fraud does, but for the numbers of its accounts.
  @Test func oneMorePlayerChangesNoOther() throws {
    let few = Self.events(Plan(seed: 3, players: 20, days: 10, frauds: []))
    let more = Self.events(Plan(seed: 3, players: 30, days: 10, frauds: []))
    let first = Set(few.filter { $0.user < 1_015 }.map(\.line))
    #expect(!first.isEmpty)
    #expect(first.isSubset(of: more.map(\.line)))
  }

  @Test func everyEventIsTakenByTheSchema() throws {
    let rules = try RuleSet(contentsOf: SharedData.projectRoot.appending(path: "Rules/rewards").path)
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    var types: Set<EventType> = []
    for event in Self.events(Self.plan) {
      let decision = try engine.decide(event.line)
      #expect(decision.unlisted == [], "\(String(decoding: event.line, as: UTF8.self))")
      #expect(decision.repeated == event.isRetry)
      types.insert(event.type)
    }
    // A payout that succeeded is reversed once in a thousand times.
    #expect(types.union([.payoutReversed]) == Set(EventType.allCases))
  }

  @Test func linesAndTruthAgree() throws {
    var ids: Set<String> = []
    for event in Self.events(Plan(seed: 6, players: 60, days: 12)) {
      let line = try Self.object(event)
      let id = try #require(line["id"] as? String)
      #expect(ids.insert(id).inserted != event.isRetry)
      #expect((line["user"] as? [String: Any])?["id"] as? String == "u\(event.user)")
      #expect(event.label.isEmpty == (event.mark == nil))
      guard let mark = event.mark else { continue }
      #expect(
        String(decoding: event.label, as: UTF8.self)
          == #"{"event":"\#(id)","user":"u\#(event.user)","fraud":"\#(mark.kind.rawValue)"}"#)
    }
  }

  @Test func networksRepeatDelayAndOvertake() {
    let events = Self.events(Self.plan)
    let retries = events.count(where: \.isRetry)
    var (overtaken, late, newest) = (0, 0, Plan.start)
    for event in events where !event.isRetry {
      if event.time < newest { overtaken += 1 }
      if newest - event.time > 3 * Time.minute { late += 1 }
      newest = max(newest, event.time)
    }
    #expect((events.count / 100...events.count / 20).contains(retries))
    #expect(overtaken > events.count / 100)
    #expect((events.count / 300...events.count / 20).contains(late))
  }

  @Test(arguments: FraudKind.allCases) func everyFraudIsCommittedAndPaid(kind: FraudKind) {
    let events = Self.events(Plan(seed: 11, players: 0, days: 40, frauds: [kind], operations: 2))
    let fraud = events.filter { $0.mark?.kind == kind }
    #expect(fraud.contains { $0.type == .payoutRequested }, "no payout")
    #expect(Set(fraud.compactMap { $0.mark?.operation }) == [0, 1])
    #expect(events.allSatisfy { $0.mark == nil || $0.mark?.kind == kind })
  }

  @Test(arguments: FraudKind.allCases) func strengthIsHowMuch(kind: FraudKind) {
    let counts = [0.0, 1.0].map { strength in
      Self.events(Plan(seed: 21, players: 0, days: 30, frauds: [kind], strength: strength, operations: 1))
        .count { $0.mark != nil }
    }
    #expect(counts[0] > 0)
    #expect(counts[1] > counts[0])
  }

  /// What camouflage is about: a bot's beat, a phone with many accounts, an address with many phones.
  @Test func camouflageHides() throws {
    func spread(_ kind: FraudKind, _ camouflage: Double, _ path: (name: String, member: String?)) throws
      -> Int
    {
      let plan = Plan(seed: 8, players: 0, days: 20, frauds: [kind], camouflage: camouflage, operations: 1)
      var values: Set<String> = []
      for event in Self.events(plan) where event.type == .accountCreated {
        let value = try Self.object(event)[path.name]
        let text = path.member.map { (value as? [String: Any])?[$0] as? String } ?? (value as? String)
        if let text { values.insert(text) }
      }
      return values.count
    }
    #expect(try spread(.deviceFarm, 0, ("device", "id")) < spread(.deviceFarm, 1, ("device", "id")))
    #expect(try spread(.phoneFarm, 0, ("ip", nil)) < spread(.phoneFarm, 1, ("ip", nil)))
  }

  @Test func theReadmeTellsOfEveryFraud() throws {
    let readme = SharedData.projectRoot.appending(path: "Tests/RewardsSimulator/README.md")
    let text = try String(contentsOf: readme, encoding: .utf8)
    for kind in FraudKind.allCases { #expect(text.contains("| `\(kind.rawValue)` |"), "\(kind)") }
    #expect(throws: FraudKind.Unknown.self) { try FraudKind.kinds("metronome,") }
    #expect(try FraudKind.kinds("sleeper,emulator") == [.sleeper, .emulator])
    #expect(try FraudKind.kinds("none") == [])
  }

  /// The counter of an honest phone's key rises with every assertion; a replayed one does not.
  @Test func countersRiseUntilTheyAreReplayed() throws {
    func standing(_ plan: Plan) throws -> Int {
      var last: [String: Int] = [:]
      var standing = 0
      for event in Self.events(plan).sorted(by: { $0.time < $1.time }) where !event.isRetry {
        guard let device = try Self.object(event)["device"] as? [String: Any],
          let attest = device["app_attest"] as? [String: Any], let key = attest["key_id"] as? String,
          let counter = attest["counter"] as? Int
        else { continue }
        if let known = last[key], counter <= known { standing += 1 }
        last[key] = max(last[key] ?? 0, counter)
      }
      return standing
    }
    #expect(try standing(Plan(seed: 2, players: 120, days: 20, frauds: [])) == 0)
    #expect(try standing(Plan(seed: 2, players: 0, days: 40, frauds: [.attestCounter])) > 10)
  }

  /// People sleep, travellers and shift workers too: whoever plays every day begins no session at some hours of the day.
  @Test func honestPlayersSleep() {
    var hours: [Int: [Int]] = [:]
    for event in Self.events(Plan(seed: 4, players: 200, days: 14, frauds: []))
    where event.type == .sessionStarted {
      hours[event.user, default: Array(repeating: 0, count: 24)][Int(event.time / Time.hour % 24)] += 1
    }
    let frequent = hours.values.filter { $0.reduce(0, +) >= 30 }
    let sleepers = frequent.count { $0.count(where: { $0 == 0 }) >= 4 }
    #expect(frequent.count > 20)
    #expect(sleepers * 10 >= frequent.count * 9)
  }
}
