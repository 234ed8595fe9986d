internal import NIOCore

/// What a connection tells whoever uses it, on the loop.
protocol RedisNodeConnectionUser: AnyObject {
  /// The handshake is done: groups may be written.
  func isReady(_ connection: RedisNodeConnection)
  /// The first or the last reply of the oldest group, and all before it, stand on `tape`.
  func receivedReply(_ connection: RedisNodeConnection, tape: ReplyTape) -> ReplyUse
  /// A piece of what came at once is read and used; more of it may follow.
  func hasReadPiece(_ connection: RedisNodeConnection)
  /// The connection ended and is of no use any more; called once.
  func hasFailed(_ connection: RedisNodeConnection, _ failure: RedisFailure)
}

/// What became of a reply.
enum ReplyUse {
  /// The group waits for so many more. They all belong on the tape: nobody is asked again before the last of them.
  case partOfGroup(more: Int)
  /// The group had all its replies: the tape can be emptied.
  case endOfGroup
  /// Nothing waits for it.
  case unasked
}

/// One connection to one server, from connecting to its first failure; after that it is thrown away, since a late
/// reply could be taken for the answer to another command.
final class RedisNodeConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let address: RedisAddress
  /// Neither failed nor let go of.
  private(set) var isOpen = true
  /// The peer took the connection; nothing it said since then was understood yet.
  private(set) var isTaken = false
  /// The handshake is done.
  private(set) var isReady = false
  /// A reply came after the handshake.
  private(set) var hasServed = false
  /// Replies of the group being read that come before its last.
  private var repliesBeforeLast = 0
  private var handshake: RedisHandshake
  private let reader: ReplyReader
  private var context: ChannelHandlerContext?
  private var user: (any RedisNodeConnectionUser)?

  init(address: RedisAddress, connector: RedisConnector, user: any RedisNodeConnectionUser) {
    self.address = address
    self.user = user
    handshake = connector.handshake
    reader = ReplyReader(limits: connector.limits)
  }

  /// Writes `bytes` at once; only when ready.
  func write(_ bytes: ByteBuffer) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  /// Lets go of the connection; its user hears nothing more.
  func close() {
    isOpen = false
    isReady = false
    user = nil
    context?.close(promise: nil)
  }

  /// Ends the connection and tells the user why.
  func fail(_ failure: RedisFailure) {
    guard isOpen else { return }
    let user = user
    close()
    user?.hasFailed(self, failure)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    isTaken = true
    guard context.channel.isActive else { return fail(ConnectionErrors.closed(address)) }
    var bytes = context.channel.allocator.buffer(capacity: handshake.commands.bytes.count)
    bytes.writeBytes(handshake.commands.bytes)
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelInactive(context: ChannelHandlerContext) {
    failBelowProtocol(ConnectionErrors.closed(address))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    failBelowProtocol(ConnectionErrors.failure(error, at: address))
  }

  private func failBelowProtocol(_ failure: RedisFailure) {
    var failure = failure
    if !isReady && failure.hint == nil {
      failure.hint = "does it expect TLS (`rediss`), or is its `maxclients` reached?"
    }
    fail(failure)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    let bytes = buffer.readableBytesSpan
    let reader = reader
    var offset = 0
    var pieceEnd = ReplyReader.pieceBytes
    while isOpen && take(reader.next(from: bytes, at: &offset)) {
      guard offset >= pieceEnd else { continue }
      pieceEnd = offset + ReplyReader.pieceBytes
      if isReady { user?.hasReadPiece(self) }
    }
    if isReady { user?.hasReadPiece(self) }
  }

  /// Acts on what was read; false when there is no whole reply more.
  @inline(__always) private func take(_ step: ReplyReader.Step) -> Bool {
    switch step {
    case .reply:
      if isReady { use() } else { shakeHands() }
      return true
    case .incomplete: return false
    case .failed(let failure):
      misunderstood(failure)
      return false
    }
  }

  private func misunderstood(_ failure: RedisFailure) {
    var failure = failure
    failure.message = "redis at `\(address)` cannot be understood: \(failure.message)"
    fail(failure)
  }

  private func use() {
    hasServed = true
    if repliesBeforeLast > 0 {
      repliesBeforeLast -= 1
      return
    }
    switch user?.receivedReply(self, tape: reader.tape) {
    case .partOfGroup(let more): repliesBeforeLast = more - 1
    case .endOfGroup, nil: reader.removeAll()
    case .unasked:
      fail(
        RedisFailure(
          code: .garbled, message: "redis at `\(address)` answered more than it was asked", mayHaveRun: true))
    }
  }

  private func shakeHands() {
    let failure = handshake.take(Replies(tape: reader.tape, first: 0), from: address)
    reader.removeAll()
    if let failure { return fail(failure) }
    guard handshake.isDone else { return }
    isReady = true
    user?.isReady(self)
  }
}
