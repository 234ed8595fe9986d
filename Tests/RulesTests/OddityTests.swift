import Foundation
import RewardsSimulator
import RuleSets
import TestSupport
import Testing

/// Precision is earned: honest players do what looks guilty, and frauds use what is in no list.
@Suite struct OddityTests {
  /// Of each player: addresses by kind of network, models and processors.
  private struct Traces {
    var (kinds, models, processors, addresses) = (Set<String>(), Set<String>(), Set<String>(), Set<String>())
  }

  private static func traces(_ plan: Plan) throws -> [Int: Traces] {
    let simulation = Simulation(plan)
    var traces: [Int: Traces] = [:]
    while let event = simulation.next() {
      guard event.type != .rewardGranted,
        let members = try JSONSerialization.jsonObject(with: Data(event.line)) as? [String: Any]
      else { continue }
      var own = traces[event.user] ?? Traces()
      if let network = members["network"] as? [String: Any], let kind = network["kind"] as? String {
        own.kinds.insert(kind)
        if kind != "mobile", let address = members["ip"] as? String { own.addresses.insert(address) }
      }
      if let device = members["device"] as? [String: Any] {
        if let model = device["model"] as? String { own.models.insert(model) }
        if let processor = device["abi"] as? String { own.processors.insert(processor) }
      }
      traces[event.user] = own
    }
    return traces
  }

  private static func listed() throws -> Set<String> {
    let file = SharedData.projectRoot.appending(path: "Rules/rewards/lists/emulator_models.txt")
    return Set(try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init))
  }

  @Test func honestPlayersLookGuilty() throws {
    let players = try Self.traces(Plan(seed: 12, players: 3_000, days: 8, frauds: [])).values
    func share(_ isOdd: (Traces) -> Bool) -> Double {
      Double(players.count(where: isOdd)) / Double(players.count)
    }
    let listed = try Self.listed()
    #expect((0.03...0.08).contains(share { $0.kinds.contains("vpn") }))
    #expect((0.01...0.05).contains(share { $0.kinds.contains("hosting") }))
    #expect((0.004...0.02).contains(share { $0.processors.contains("x86_64") }))
    #expect(share { !$0.models.isDisjoint(with: listed) } > 0)
    // Some are behind the very addresses that the list has.
    #expect(share { $0.addresses.contains { $0.hasPrefix("198.51.100.") } } > 0)
  }

  @Test func fraudsUseWhatIsInNoList() throws {
    let plan = Plan(seed: 12, players: 0, days: 30, frauds: [.emulator], operations: 12)
    let frauds = try Self.traces(plan).values
    let listed = try Self.listed()
    let virtual = frauds.filter { $0.processors.contains("x86_64") }
    #expect(virtual.contains { !$0.models.isDisjoint(with: listed) })
    #expect(virtual.contains { $0.models.isDisjoint(with: listed) })
    #expect(frauds.contains { $0.addresses.contains { $0.hasPrefix("198.51.100.") } })
    // In data centres that are in no list, some of them not even known as such.
    #expect(
      frauds.contains { $0.kinds.contains("hosting") && $0.addresses.contains { $0.hasPrefix("192.0.2.") } })
    #expect(frauds.contains { $0.kinds == ["wifi"] && $0.addresses.contains { $0.hasPrefix("192.0.2.") } })
  }
}
