import NIOCore
import NIOPosix
import RedisWindows

/// A transport on an event loop, asked from asynchronous tests.
struct TransportHarness: Sendable {
  typealias Outcome = Result<[String], RedisFailure>

  let loop: any EventLoop
  private let transport: NIOLoopBound<RedisNodeTransport>

  /// A transport to `address`; close it at the end.
  init(
    _ address: RedisAddress, _ change: @Sendable (inout RedisConfiguration) -> Void = { _ in }
  ) async throws {
    var configuration = RedisConfiguration(namespace: "test")
    configuration.addresses = [address]
    change(&configuration)
    let connector = try RedisConnector(configuration)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    self.loop = loop
    transport = try await loop.submit {
      NIOLoopBound(RedisNodeTransport(address: address, connector: connector, loop: loop), eventLoop: loop)
    }.get()
  }

  /// Sends one group and returns its replies, each as one line.
  func send(_ commands: [String]..., within milliseconds: Int64 = 2_000) async -> Outcome {
    await sendAll([commands], within: milliseconds)[0]
  }

  /// Sends several groups in one turn of the loop.
  func sendAll(_ groups: [[[String]]], within milliseconds: Int64 = 2_000) async -> [Outcome] {
    await withCheckedContinuation { done in
      loop.execute {
        let clock = NIOLoopClock(loop)
        let gathered = NIOLoopBoundBox(Gathered(count: groups.count), eventLoop: loop)
        for (index, group) in groups.enumerated() {
          transport.value.send(Self.buffer(group), deadline: clock.now + milliseconds * 1_000_000) { result in
            gathered.value.outcomes[index] = result.map { Self.lines($0, count: group.count) }
            gathered.value.left -= 1
            if gathered.value.left == 0 { done.resume(returning: gathered.value.outcomes.compactMap { $0 }) }
          }
        }
      }
    }
  }

  /// Sends one group again and again until it is answered, at most for a second: a server must be in service by then.
  func sendUntilServed(_ commands: [String]...) async throws -> [String] {
    let start = ContinuousClock.now
    while true {
      switch await sendAll([commands], within: 1_000)[0] {
      case .success(let lines): return lines
      case .failure(let failure): if ContinuousClock.now - start > .seconds(1) { throw failure }
      }
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  /// How the transport is doing.
  var health: TransportHealth {
    get async throws { try await loop.submit { transport.value.health }.get() }
  }

  func close() async {
    try? await loop.submit { transport.value.close() }.get()
  }

  /// Runs `body` with the transport on its loop.
  func onLoop<Value: Sendable>(
    _ body: @escaping @Sendable (RedisNodeTransport) throws -> Value
  ) async throws -> Value {
    try await loop.submit { try body(transport.value) }.get()
  }

  /// The commands as they are sent.
  static func buffer(_ commands: [[String]]) -> CommandBuffer {
    var buffer = CommandBuffer()
    for command in commands {
      buffer.begin(command.count)
      for argument in command { buffer.argument(text: argument) }
    }
    return buffer
  }

  /// One line for each reply.
  static func lines(_ replies: Replies, count: Int) -> [String] {
    var place = replies.first
    return (0..<count).map { _ in
      defer { place = replies.tape.next(after: place) }
      return line(replies, place)
    }
  }

  private static func line(_ replies: Replies, _ place: Int) -> String {
    switch replies.kind(place) {
    case .null: return "nil"
    case .integer: return ":\(replies.integer(place))"
    case .status: return "+\(replies.text(place))"
    case .error: return "-\(replies.text(place))"
    case .bytes: return replies.text(place)
    case .array:
      var element = place + 1
      let parts = (0..<replies.integer(place)).map { _ in
        defer { element = replies.tape.next(after: element) }
        return line(replies, element)
      }
      return "[\(parts.joined(separator: " "))]"
    }
  }
}

private struct Gathered {
  var outcomes: [TransportHarness.Outcome?]
  var left: Int

  init(count: Int) {
    outcomes = Array(repeating: nil, count: count)
    left = count
  }
}
