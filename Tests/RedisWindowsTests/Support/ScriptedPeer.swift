import Glibc
import NIOCore
import NIOPosix
import RedisWindows
import Windows

/// Listens on a temporary Unix socket and does to its clients what a test's script says.
final class ScriptedPeer: Sendable {
  /// One client's connection.
  struct Client: Sendable {
    fileprivate let channel: any Channel
    /// How many connected before it.
    let number: Int

    func write(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
    func close() { channel.close(promise: nil) }
    func after(_ milliseconds: Int64, _ body: @escaping @Sendable () -> Void) {
      channel.eventLoop.scheduleTask(in: .milliseconds(milliseconds), body)
    }

    /// Writes `piece` again and again, as fast as it is taken.
    func flood(_ piece: ByteBuffer) {
      channel.writeAndFlush(piece).whenSuccess { flood(piece) }
    }
  }

  /// What clients did.
  struct Counts: Sendable {
    var clients = 0
    var reads = 0
    var commands: [[String]] = []
  }

  /// Called with each command after the handshake.
  typealias Script = @Sendable (Client, [String]) -> Void

  let address: RedisAddress
  private let folder: String
  private let listener: any Channel
  private let shared: Guarded<Counts>

  /// Starts to listen. `greets` tells whether `CLIENT SETNAME` is answered as Redis does.
  static func start(greets: Bool = true, _ script: @escaping Script) async throws -> ScriptedPeer {
    var template = Array("/tmp/assay-peer-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ChannelError.operationUnsupported }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let shared = Guarded(Counts())
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1 << 20))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let number = shared.withLock { counts in
            counts.clients += 1
            return counts.clients - 1
          }
          let client = Client(channel: channel, number: number)
          try channel.pipeline.syncOperations.addHandler(
            PeerHandler(client: client, greets: greets, shared: shared, script: script))
        }
      }
      .bind(unixDomainSocketPath: "\(folder)/peer.sock").get()
    return ScriptedPeer(folder: folder, listener: listener, shared: shared)
  }

  private init(folder: String, listener: any Channel, shared: Guarded<Counts>) {
    self.folder = folder
    self.listener = listener
    self.shared = shared
    address = .unixSocket("\(folder)/peer.sock")
  }

  var counts: Counts { shared.withLock { $0 } }

  func close() async {
    try? await listener.close()
    unlink("\(folder)/peer.sock")
    rmdir(folder)
  }
}

private final class PeerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let client: ScriptedPeer.Client
  private let greets: Bool
  private let shared: Guarded<ScriptedPeer.Counts>
  private let script: ScriptedPeer.Script
  private var rest: [UInt8] = []

  init(
    client: ScriptedPeer.Client, greets: Bool, shared: Guarded<ScriptedPeer.Counts>,
    script: @escaping ScriptedPeer.Script
  ) {
    self.client = client
    self.greets = greets
    self.shared = shared
    self.script = script
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    rest += Array(buffer: unwrapInboundIn(data))
    shared.withLock { $0.reads += 1 }
    while let command = nextCommand() {
      if greets && command.first == "CLIENT" {
        client.write("+OK\r\n")
      } else {
        shared.withLock { $0.commands.append(command) }
        script(client, command)
      }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Takes one command; its arguments hold no end of line.
  private func nextCommand() -> [String]? {
    let lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    func text(_ line: Int) -> String { String(decoding: lines[line].dropLast(), as: UTF8.self) }
    guard lines.count > 1, let count = Int(text(0).dropFirst()), lines.count > 2 * count + 1 else {
      return nil
    }
    let arguments = (1...count).map { text(2 * $0) }
    rest.removeFirst(lines[2 * count].endIndex + 1)
    return arguments
  }
}
