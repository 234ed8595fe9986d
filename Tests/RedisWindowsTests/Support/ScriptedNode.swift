import RedisTestSupport
import RedisWindows

/// A server that answers as a test has it, after a millisecond of the test's clock.
final class ScriptedNode: RedisNode {
  enum Answer {
    case replies([RedisWire.Reply])
    case failure(RedisFailure)
    case nothing
  }

  let address: RedisAddress
  var health = TransportHealth()
  /// All groups that were sent here, each as lines of words.
  private(set) var groups: [[String]] = []
  private(set) var isClosed = false
  var answer: ([[String]]) -> Answer
  private let clock: ManualClock

  init(_ address: RedisAddress, clock: ManualClock, answer: @escaping ([[String]]) -> Answer) {
    self.address = address
    self.clock = clock
    self.answer = answer
  }

  func send(_ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler) {
    let words = Self.words(commands.bytes)
    groups.append(words.map { $0.joined(separator: " ") })
    health.inFlight += 1
    switch answer(words) {
    case .replies(let replies):
      clock.schedule(after: 1_000_000) { self.end { receive(.success(Self.tape(replies))) } }
    case .failure(let failure): clock.schedule(after: 0) { self.end { receive(.failure(failure)) } }
    case .nothing:
      let late = RedisFailure(code: .late, message: "no answer", mayHaveRun: true)
      clock.schedule(after: deadline - clock.now) { self.end { receive(.failure(late)) } }
    }
  }

  private func end(_ body: () -> Void) {
    health.inFlight -= 1
    body()
  }

  func close() { isClosed = true }

  /// Nothing can be sent: the server is gone.
  static let gone = Answer.failure(
    RedisFailure(code: .unavailable, message: "no connection", mayHaveRun: false))

  private static func words(_ bytes: [UInt8]) -> [[String]] {
    // The tests' keys and values have no ends of lines.
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\r\n", omittingEmptySubsequences: false)
    var commands: [[String]] = []
    var index = 0
    while index < lines.count, lines[index].first == "*", let count = Int(lines[index].dropFirst()) {
      commands.append((0..<count).map { String(lines[index + 2 + 2 * $0]) })
      index += 1 + 2 * count
    }
    return commands
  }

  static func tape(_ replies: [RedisWire.Reply]) -> Replies {
    let tape = ReplyTape()
    for reply in replies { append(reply, to: tape) }
    return Replies(tape: tape, first: 0)
  }

  private static func append(_ reply: RedisWire.Reply, to tape: ReplyTape) {
    func bytes(_ kind: ReplyTape.Kind, _ value: [UInt8]) { tape.append(kind, value.span.bytes) }
    switch reply {
    case .null: tape.append(.null)
    case .integer(let value): tape.append(.integer, integer: Int64(value))
    case .status(let text): bytes(.status, Array(text.utf8))
    case .error(let text): bytes(.error, Array(text.utf8))
    case .bytes(let value): bytes(.bytes, value)
    case .array(let elements):
      tape.append(.array, integer: Int64(elements.count))
      for element in elements { append(element, to: tape) }
    }
  }
}

extension RedisWire.Reply {
  static func text(_ text: String) -> Self { .bytes(Array(text.utf8)) }
}
