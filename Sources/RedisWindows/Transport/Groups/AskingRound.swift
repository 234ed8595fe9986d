/// Asks servers the same question until one answers with something that can be used: the next one when one fails, and
/// also when one is slow, so that a server that has stopped costs little.
final class AskingRound {
  /// Looks at an answer and says, at once or later, whether it was of use.
  typealias Use = (any RedisNode, Replies, @escaping (Bool) -> Void) -> Void

  /// How long a server may take before another one is asked too; nanoseconds.
  static let patience: Int64 = 20_000_000
  /// How long an answer is waited for; nanoseconds.
  static let answerLimit: Int64 = 150_000_000

  private let nodes: [any RedisNode]
  private let question: CommandBuffer
  private let clock: any LoopClock
  private var use: Use?
  private var end: ((Bool) -> Void)?
  private var nextNode = 0
  private var outstanding = 0
  /// Why the last server that failed did so.
  private(set) var lastFailure: RedisFailure?

  /// A round over `nodes` in their order; `end` is called once.
  init(
    _ nodes: [any RedisNode], question: CommandBuffer, clock: any LoopClock, use: @escaping Use,
    end: @escaping (Bool) -> Void
  ) {
    self.nodes = nodes
    self.question = question
    self.clock = clock
    self.use = use
    self.end = end
  }

  /// Asks the next server.
  func ask() {
    guard end != nil else { return }
    guard nextNode < nodes.count else {
      if outstanding == 0 { finish(false) }
      return
    }
    let node = nodes[nextNode]
    nextNode += 1
    outstanding += 1
    let asked = nextNode
    node.send(question, deadline: clock.now + Self.answerLimit) { result in self.heard(node, result) }
    clock.schedule(after: Self.patience) { [weak self] in
      if let self, self.nextNode == asked, asked < self.nodes.count { self.ask() }
    }
  }

  /// Ends the round without telling anyone.
  func cancel() {
    use = nil
    end = nil
  }

  private func heard(_ node: any RedisNode, _ result: Result<Replies, RedisFailure>) {
    switch result {
    case .failure(let failure):
      lastFailure = failure
      concluded(false)
    case .success(let replies):
      guard let use else { return }
      if replies.kind(replies.first) == .error {
        lastFailure = ErrorReply(replies.text(replies.first)).failure(at: node.address)
      }
      use(node, replies) { self.concluded($0) }
    }
  }

  private func concluded(_ wasOfUse: Bool) {
    outstanding -= 1
    if wasOfUse { finish(true) } else { ask() }
  }

  private func finish(_ isAnswered: Bool) {
    let end = end
    cancel()
    end?(isAnswered)
  }
}
