internal import Assay
internal import NIOEmbedded
internal import RuleSets
internal import Sidecar
internal import TestSupport
internal import Windows

/// Runs inputs and says what was not as promised.
package struct ConnectionFuzz: Sendable {
  private let rules: RuleSet

  /// A small rule set decides.
  package init() throws {
    rules = try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: small\ndecision: {review: 2, block: 4}\n",
      "schema.yaml":
        "event: {id: id, type: type, time: time}\ntypes: [payout, login]\nfields:\n  user: {type: string}\n",
      "features.yaml": "features:\n  payouts: {count: payout, by: user, over: 1h}\n",
      "rules/rules.yaml":
        "rules:\n  - {id: many, title: Many, family: velocity, on: payout, when: payouts > 1, score: 2}\n",
    ])
  }

  /// Runs an input: the promise that was broken, in words; nil when all is well or the bytes are no input.
  package func complaint(about bytes: some Collection<UInt8>) -> String? {
    guard let input = FuzzInput(bytes) else { return nil }
    do {
      let plain = try transcript(input.plain)
      if input.payload.first == UInt8(ascii: "{"), let complaint = compare(plain, input) { return complaint }
      if input.steps.isEmpty { return nil }
      let found = try transcript(input)
      let agrees = input.end == .gone ? found.isBeginning(of: plain) : found.agrees(with: plain)
      return agrees ? nil : "in pieces the answers are\n\(found)\nand in one piece\n\(plain)"
    } catch {
      return error.text
    }
  }

  private func transcript(_ input: FuzzInput) throws(Complaint) -> Transcript {
    weak var channel: EmbeddedChannel?
    let sent: [UInt8]
    do {
      let connection = try? FuzzedConnection(input, rules)
      guard let connection else { throw Complaint(text: "no connection") }
      channel = connection.channel
      if let complaint = connection.run() { throw Complaint(text: complaint) }
      sent = connection.socket.sent
    }
    if channel != nil { throw Complaint(text: "a connection that is gone stays in memory") }
    if input.payload.first == UInt8(ascii: "{") { return Transcript(lines: sent) }
    guard let found = Transcript(responses: sent) else {
      throw Complaint(text: "these are no responses:\n\(String(decoding: sent, as: UTF8.self))")
    }
    return found
  }

  /// Bare events: a line for each line, with the decision that the engine makes on it.
  private func compare(_ found: Transcript, _ input: FuzzInput) -> String? {
    var lines = input.payload.split(separator: 0x0A, omittingEmptySubsequences: true)
    if input.end != .half && input.payload.last != 0x0A { lines.removeLast() }
    lines.removeAll { line in line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
    // Who is gone before the end may have been answered a part, and did not read it.
    guard found.answers.count == lines.count, !found.isCut else {
      return "\(lines.count) lines, and \(found.answers.count) answers:\n\(found)"
    }
    let options = EngineOptions(clock: .replay, hashingKey: Array(repeating: 7, count: 32))
    let engine = Engine(
      rules: rules, store: MemoryWindows(bytesMax: 1 << 20, shardCount: 1), options: options)
    for (line, answer) in zip(lines, found.answers) {
      let decision = try? engine.decide(Array(line).span)
      let isRight = decision.map { String(decoding: $0.json, as: UTF8.self) == answer }
      guard isRight ?? answer.hasPrefix(#"{"type":"urn:assay:problem:"#) else {
        return "`\(String(decoding: line, as: UTF8.self))` is answered with `\(answer)`"
      }
    }
    return nil
  }
}

/// A promise that was broken.
private struct Complaint: Error {
  let text: String
}
