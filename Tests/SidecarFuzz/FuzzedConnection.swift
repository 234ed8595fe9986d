internal import NIOCore
internal import NIOEmbedded
internal import RuleSets
internal import Sidecar

/// One client of a sidecar of its own, without a socket: it does what an input says, and everything it gets is kept.
final class FuzzedConnection {
  let socket = SocketEnd()
  let channel: EmbeddedChannel
  let server: SocketlessServer
  private let loop: EmbeddedEventLoop
  private let answers = LateAnswers()
  private let input: FuzzInput

  init(_ input: FuzzInput, _ rules: RuleSet) throws {
    let loop = EmbeddedEventLoop()
    let answers = answers
    (self.input, self.loop) = (input, loop)
    var limits = SidecarConfiguration.Limits()
    // Small, so that small inputs reach them.
    limits.headerBytesMax = 600
    limits.inFlightPerConnectionMax = 6
    limits.pipelinedMax = 4
    server = SocketlessServer(rules, on: loop, limits: limits) { LateEngine($0, answers) }
    channel = EmbeddedChannel(loop: loop)
    try channel.pipeline.syncOperations.addHandler(socket)
    try server.serve(channel)
    channel.connect(to: try SocketAddress(unixDomainSocketPath: "/fuzz"), promise: nil)
    channel.read()
  }

  /// Does all of it; the promise that was broken, in words.
  func run() -> String? {
    var rest = input.payload[...]
    var number = 0
    while !rest.isEmpty && takesMore {
      guard letRead() else { return "the connection stopped reading, and nothing is under way" }
      let step = input.steps.isEmpty ? nil : input.steps[number % input.steps.count]
      let piece = rest.prefix(step?.length ?? rest.count)
      rest = rest.dropFirst(piece.count)
      number += 1
      deliver(piece)
      if let step { act(step.action) }
    }
    return end() ?? socket.complaint ?? leftOver()
  }

  /// The client would send, and the server would take it.
  private var takesMore: Bool { channel.isActive && !socket.isEnded }

  private func deliver(_ piece: ArraySlice<UInt8>) {
    socket.wantsRead = false
    channel.pipeline.syncOperations.fireChannelRead(NIOAny(ByteBuffer(bytes: piece)))
    channel.pipeline.syncOperations.fireChannelReadComplete()
    channel.read()
  }

  private func act(_ action: FuzzInput.Action) {
    switch action {
    case .nothing: break
    case .late: answers.becomeLate(true)
    case .prompt: answers.becomeLate(false)
    case .answerOldest: answers.release(newest: false)
    case .answerNewest: answers.release(newest: true)
    case .answerAll: settle()
    case .block: block(true)
    case .unblock: block(false)
    case .wait: server.sweep(at: .now() + .seconds(1))
    }
    loop.run()
  }

  private func block(_ isBlocked: Bool) {
    channel.isWritable = !isBlocked
    socket.block(isBlocked)
    if channel.isActive { channel.pipeline.syncOperations.fireChannelWritabilityChanged() }
  }

  /// Lets everything come that is under way.
  private func settle() {
    loop.run()
    if !channel.isWritable { block(false) }
    repeat { loop.run() } while answers.release(newest: false)
  }

  /// Lets come what the connection waits for, until it reads or ends; false when that is nothing.
  private func letRead() -> Bool {
    loop.run()
    while !socket.wantsRead && takesMore {
      if !channel.isWritable {
        block(false)
      } else if !answers.release(newest: answers.count % 2 == 0) {
        return false
      }
      loop.run()
    }
    return true
  }

  /// Ends as the input says, and lets time pass until the connection is gone.
  private func end() -> String? {
    switch input.end {
    case .gone:
      channel.close(promise: nil)
    case .half where takesMore:
      guard letRead() else { return "the connection does not see the client's end" }
      if takesMore { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
      settle()
      if takesMore { return "the client has ended and the connection has not" }
    case .drain: server.drain()
    case .half, .silence: break
    }
    settle()
    // First the client is asked to go on, or told of the end; then it has had its time.
    for hour in 1...3 where channel.isActive {
      server.sweep(at: .now() + .hours(Int64(hour)))
      settle()
    }
    return channel.isActive ? "a silent connection is kept" : nil
  }

  private func leftOver() -> String? {
    if server.clientCount > 0 { return "a connection that is gone is still known" }
    if server.inFlight != 0 { return "\(server.inFlight) decisions are under way for ever" }
    return nil
  }
}
