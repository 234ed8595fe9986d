import RedisTestSupport
import RedisWindows

/// A cluster of scripted nodes: `a` serves the lower half of the slots, `b` the upper, until a test says otherwise.
final class ScriptedCluster {
  let clock = ManualClock()
  private(set) var nodes: [String: ScriptedNode] = [:]
  private(set) var transport: ClusterTransport! = nil
  /// Which node serves how many of the slots, in their order, as all nodes tell it.
  var owners: [(node: String, slots: ClosedRange<Int>)] = [("a", 0...8_191), ("b", 8_192...16_383)]
  /// What a node says to a group; nil is `OK` for each command.
  var answers: [String: ([[String]]) -> ScriptedNode.Answer?] = [:]
  /// How often the map was asked for.
  private(set) var mapsRead = 0

  init(seeds: [String] = ["a"]) {
    transport = ClusterTransport(seeds: seeds.map(Self.address), clock: clock, seed: 7) {
      [unowned self] address in
      guard case .host(let name, _) = address else {
        return ScriptedNode(address, clock: clock) { _ in .nothing }
      }
      let node = ScriptedNode(address, clock: clock) { [unowned self] words in answer(of: name, words) }
      nodes[name] = node
      return node
    }
  }

  static func address(_ name: String) -> RedisAddress { .host(name, port: 6379) }

  private func answer(of name: String, _ words: [[String]]) -> ScriptedNode.Answer {
    if let answer = answers[name]?(words) { return answer }
    if words == [["CLUSTER", "SLOTS"]] {
      mapsRead += 1
      return .replies([
        .array(
          owners.map { owner in
            .array([
              .integer(owner.slots.lowerBound), .integer(owner.slots.upperBound),
              .array([.text(owner.node), .integer(6379), .text("id"), .array([])]),
            ])
          })
      ])
    }
    return .replies(
      words.map { $0 == ["ASKING"] ? .status("OK") : .text("\(name): \($0.joined(separator: " "))") })
  }

  /// Sends a group whose commands all have `key`, and keeps what comes of it.
  func send(_ lines: String..., within milliseconds: Int64 = 20) -> Outcome {
    let outcome = Outcome()
    var commands = CommandBuffer()
    for line in lines {
      let words = line.split(separator: " ").map { Array($0.utf8) }
      commands.begin(words.count)
      for (index, word) in words.enumerated() {
        if index == 1 { commands.key(word.span.bytes) } else { commands.argument(word.span.bytes) }
      }
    }
    let count = lines.count
    transport.send(commands, deadline: clock.now + milliseconds * 1_000_000) { result in
      outcome.calls += 1
      switch result {
      case .success(let replies):
        outcome.replies = (0..<count).map { place in
          switch replies.kind(place) {
          case .integer: ":\(replies.integer(place))"
          default: replies.text(place)
          }
        }
      case .failure(let failure): outcome.failure = failure
      }
    }
    return outcome
  }

  /// What came of a group.
  final class Outcome {
    var calls = 0
    var replies: [String] = []
    var failure: RedisFailure?
  }

  /// What a node was sent, without questions for the map.
  func sent(to name: String) -> [[String]] { nodes[name]?.groups.filter { $0 != ["CLUSTER SLOTS"] } ?? [] }
}
