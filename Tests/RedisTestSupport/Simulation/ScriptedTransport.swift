package import RedisWindows

/// Carries commands to a simulated Redis, and does with single ones what a test says.
package final class ScriptedTransport: RedisTransport {
  /// What becomes of one command.
  package enum Fate {
    /// It is executed, and its reply comes.
    case executed
    /// It is executed, and this number comes instead.
    case answered(Int64)
    /// It is not executed, and this error line comes.
    case refused(String)
    /// The whole group fails at its deadline; nothing of it is executed.
    case late
  }

  /// Tells the fate of a command from its group and its number there.
  package var fate: (_ group: [[[UInt8]]], _ index: Int) -> Fate = { _, _ in .executed }
  /// How long a group takes; nanoseconds.
  package var delay: Int64 = 1_000
  /// Groups that were sent.
  package private(set) var groupCount = 0
  private let redis: SimulatedRedis
  private let clock: SimulatedClock
  private var isClosed = false

  package init(redis: SimulatedRedis, clock: SimulatedClock) {
    self.redis = redis
    self.clock = clock
  }

  package var health: TransportHealth { TransportHealth() }

  package func close() { isClosed = true }

  package func send(_ commands: borrowing CommandBuffer, deadline: Int64, receive: @escaping ReplyHandler) {
    let group = CommandReader.commands(commands.bytes) ?? []
    groupCount += 1
    if isClosed {
      let failure = RedisFailure(code: .unavailable, message: "the transport is closed", mayHaveRun: false)
      return clock.schedule(after: 0) { receive(.failure(failure)) }
    }
    let fates = group.indices.map { fate(group, $0) }
    if fates.contains(where: { if case .late = $0 { true } else { false } }) {
      let failure = RedisFailure(code: .late, message: "no reply in time", mayHaveRun: true)
      return clock.schedule(at: deadline) { receive(.failure(failure)) }
    }
    clock.schedule(after: delay) { [redis] in
      let tape = ReplyTape()
      for (arguments, fate) in zip(group, fates) {
        switch fate {
        case .refused(let line): tape.append(.error, Array(line.utf8).span.bytes)
        case .answered(let number):
          redis.execute(arguments, into: ReplyTape())
          tape.append(.integer, integer: number)
        case .executed, .late: redis.execute(arguments, into: tape)
        }
      }
      receive(.success(Replies(tape: tape, first: 0)))
    }
  }
}
