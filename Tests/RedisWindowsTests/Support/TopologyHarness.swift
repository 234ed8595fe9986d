import NIOCore
import NIOPosix
import RedisTestSupport
import RedisWindows

/// A transport over several servers on an event loop, asked from asynchronous tests. Commands name their key second.
struct TopologyHarness: Sendable {
  typealias Outcome = Result<[RedisWire.Reply], RedisFailure>

  let loop: any EventLoop
  private let transport: NIOLoopBound<any RedisTransport>

  init(_ topology: RedisConfiguration.Topology, _ addresses: [RedisAddress]) async throws {
    var configuration = RedisConfiguration(namespace: "test")
    configuration.topology = topology
    configuration.addresses = addresses
    try await self.init(configuration)
  }

  init(_ configuration: RedisConfiguration) async throws {
    let connector = try RedisConnector(configuration)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    self.loop = loop
    transport = try await loop.submit {
      NIOLoopBound(try connector.makeTransport(on: loop), eventLoop: loop)
    }.get()
  }

  static func buffer(_ commands: [[String]]) -> CommandBuffer {
    var buffer = CommandBuffer()
    for command in commands {
      buffer.begin(command.count)
      for (index, word) in command.enumerated() {
        let bytes = Array(word.utf8)
        if index == 1 { buffer.key(bytes.span.bytes) } else { buffer.argument(bytes.span.bytes) }
      }
    }
    return buffer
  }

  /// Sends one group and waits for what comes of it.
  func send(_ commands: [String]..., within milliseconds: Int64 = 2_000) async -> Outcome {
    await withCheckedContinuation { done in
      loop.execute {
        let deadline = NIOLoopClock(loop).now + milliseconds * 1_000_000
        transport.value.send(Self.buffer(commands), deadline: deadline) { result in
          done.resume(
            returning: result.map { replies in (0..<commands.count).map { Self.reply(replies, $0) } })
        }
      }
    }
  }

  private static func reply(_ replies: Replies, _ index: Int) -> RedisWire.Reply {
    let place = replies.first + index
    return switch replies.kind(place) {
    case .null: .null
    case .integer: .integer(Int(replies.integer(place)))
    case .status: .status(replies.text(place))
    case .error: .error(replies.text(place))
    case .bytes: .bytes(Array(replies.text(place).utf8))
    case .array: .array([])
    }
  }

  /// The server's report, as the guard rails make it.
  func report(waitsForReplica: Bool = false, clockMilliseconds: @escaping @Sendable () -> Int64) async throws
    -> RedisReport
  {
    let promise = loop.makePromise(of: RedisReport.self)
    loop.execute {
      var settings = ServerInspection.Settings(namespace: "test", nonce: 0xabc, wallClock: clockMilliseconds)
      settings.waitsForReplica = waitsForReplica
      ServerInspection.run(transport.value, clock: NIOLoopClock(loop), settings: settings) {
        promise.succeed($0)
      }
    }
    return try await promise.futureResult.get()
  }

  var health: TransportHealth {
    get async throws { try await loop.submit { transport.value.health }.get() }
  }

  func close() async { try? await loop.submit { transport.value.close() }.get() }
}
