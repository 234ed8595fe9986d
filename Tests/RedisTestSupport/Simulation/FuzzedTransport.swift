package import RedisWindows
package import TestSupport

/// Carries commands to a simulated Redis and now and then puts another reply in the place of the right one.
package final class FuzzedTransport: RedisTransport {
  private let redis: SimulatedRedis
  private let clock: SimulatedClock
  private var random: SeededGenerator
  /// How many replies were replaced.
  package private(set) var replaced = 0

  package init(redis: SimulatedRedis, clock: SimulatedClock, random: SeededGenerator) {
    self.redis = redis
    self.clock = clock
    self.random = random
  }

  package var health: TransportHealth { TransportHealth() }

  package func close() {}

  package func send(_ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler) {
    let read = CommandReader.commands(commands.bytes) ?? []
    clock.schedule(after: 1_000) { [self] in
      let tape = ReplyTape()
      for arguments in read {
        let right = ReplyTape()
        redis.execute(arguments, into: right)
        if chance(8, &random) { replace(in: tape) } else { copy(right, to: tape) }
      }
      receive(.success(Replies(tape: tape, first: 0)))
    }
  }

  private func copy(_ right: ReplyTape, to tape: ReplyTape) {
    let replies = Replies(tape: right, first: 0)
    switch replies.kind(0) {
    case .null, .integer, .array: tape.append(replies.kind(0), integer: replies.integer(0))
    case .status, .error, .bytes: replies.withBytes(0) { tape.append(replies.kind(0), $0) }
    }
  }

  private func replace(in tape: ReplyTape, depth: Int = 0) {
    replaced += 1
    let bytes = (0..<pick([0, 1, 17, 18, 30, 90], &random)).map { _ in
      pick([0, 1, 2, 26, 255, UInt8.random(in: 0...255, using: &random)], &random)
    }
    switch pick([ReplyTape.Kind.null, .integer, .status, .error, .bytes, .array], &random) {
    case .null: tape.append(.null)
    case .integer: tape.append(.integer, integer: pick([0, -1, 1, 60, .max, .min], &random))
    case .status: tape.append(.status, bytes.span.bytes)
    case .error: tape.append(.error, Array(pick(["", "OOM", "WRONGTYPE", "BUSY"], &random).utf8).span.bytes)
    case .bytes: tape.append(.bytes, bytes.span.bytes)
    case .array:
      let count = depth < 3 ? Int.random(in: 0...3, using: &random) : 0
      tape.append(.array, integer: Int64(count))
      for _ in 0..<count { replace(in: tape, depth: depth + 1) }
    }
  }
}
