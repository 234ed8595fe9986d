/// One question to all sentinels at the same time; it is over when each has answered or failed to.
final class SentinelRound {
  /// Why no sentinel's answer was of use.
  var failure: RedisFailure?
  /// Whether a sentinel named a primary that serves.
  var isAnswered = false
  private var outstanding: Int
  private var end: (() -> Void)?

  init(count: Int, end: @escaping () -> Void) {
    outstanding = count
    self.end = end
  }

  /// Whether answers are still wanted.
  var isOpen: Bool { end != nil }

  /// Notes that one sentinel has been heard, with all that followed from it.
  func concluded() {
    outstanding -= 1
    guard outstanding <= 0 else { return }
    let end = end
    self.end = nil
    end?()
  }

  /// Ends the round without telling anyone.
  func cancel() { end = nil }
}

extension SentinelTransport {
  /// Asks all sentinels for the primary's address and the number of its configuration.
  func beginRound() {
    let begun = clock.now
    let round = SentinelRound(count: sentinels.count) { [weak self] in self?.endRound(begun) }
    self.round = round
    var question = CommandBuffer()
    question.begin(3)
    question.argument("SENTINEL")
    question.argument("GET-MASTER-ADDR-BY-NAME")
    question.argument(text: name)
    question.begin(3)
    question.argument("SENTINEL")
    question.argument("MASTER")
    question.argument(text: name)
    for sentinel in sentinels {
      sentinel.send(question, deadline: begun + AskingRound.answerLimit) { [weak self] result in
        guard let self, round.isOpen else { return }
        self.heard(sentinel, result, round)
      }
    }
  }

  private func heard(
    _ sentinel: any RedisNode, _ result: Result<Replies, RedisFailure>, _ round: SentinelRound
  ) {
    switch result {
    case .failure(let failure):
      round.failure = round.failure ?? failure
      round.concluded()
    case .success(let replies):
      let word = SentinelAnswer(replies, from: sentinel.address)
      guard let address = word.address else {
        round.failure = word.failure(of: sentinel.address, name: name)
        return round.concluded()
      }
      guard isNews(word.epoch) else { return round.concluded() }
      verify(address, word.epoch, round)
    }
  }

  /// Uses `address` when the server there says of itself that it is a primary.
  private func verify(_ address: RedisAddress, _ epoch: Int64, _ round: SentinelRound) {
    let known = primary.flatMap { $0.address == address ? $0 : nil }
    let node = known ?? makeServer(address)
    var question = CommandBuffer()
    question.begin(1)
    question.argument("ROLE")
    node.send(question, deadline: clock.now + AskingRound.answerLimit) { [weak self] result in
      guard let self, round.isOpen else {
        if known == nil { node.close() }
        return
      }
      if self.isPrimary(result, address, round), self.isNews(epoch) {
        round.isAnswered = true
        // Several sentinels name the same new server: one connection is enough.
        let current = self.primary.flatMap { $0.address == address ? $0 : nil }
        self.adopt(current ?? node, epoch)
      }
      if self.primary !== node { self.clock.schedule(after: 0) { node.close() } }
      round.concluded()
    }
  }

  private func isPrimary(
    _ result: Result<Replies, RedisFailure>, _ address: RedisAddress, _ round: SentinelRound
  ) -> Bool {
    switch result {
    case .failure(let failure): round.failure = failure
    case .success(let replies):
      if replies.kind(replies.first) == .array, replies.text(replies.first + 1) == "master" { return true }
      round.failure = RedisFailure(
        code: .unavailable, message: "redis at `\(address)` is named by a sentinel and is no primary",
        mayHaveRun: false)
    }
    return false
  }

  private func endRound(_ begun: Int64) {
    let failure = round.flatMap { $0.isAnswered ? nil : $0.failure }
    round = nil
    let isWanted = rounds.ended(begun: begun, failure: failure) { address in
      primary.map { $0.address == address && $0.health.breaker != .closed } ?? false
    }
    newsArrived(failure)
    let isUnsettled = failure != nil || primary?.health.breaker != .closed
    if isWanted || isUnsettled { return rounds.request() }
    guard !isPollDue else { return }
    isPollDue = true
    clock.schedule(after: rounds.jitter.spread(Self.pollInterval)) { [weak self] in
      self?.isPollDue = false
      self?.rounds.request()
    }
  }
}

/// What a sentinel says of a primary: where it is, and the number of the configuration that made it one.
private struct SentinelAnswer {
  var address: RedisAddress?
  var epoch: Int64 = 0
  private var error: ErrorReply?

  init(_ replies: Replies, from sentinel: RedisAddress) {
    let place = replies.first
    if replies.kind(place) == .error { error = ErrorReply(replies.text(place)) }
    guard replies.kind(place) == .array, replies.integer(place) == 2, let port = Int(replies.text(place + 2))
    else { return }
    address = RedisAddress(named: replies.text(place + 1), port: port, seenFrom: sentinel)
    // Names and values, one after the other.
    let state = replies.tape.next(after: place)
    guard replies.kind(state) == .array else { return }
    var field = state + 1
    while field + 1 < replies.tape.placeCount {
      if replies.text(field) == "config-epoch" { epoch = Int64(replies.text(field + 1)) ?? 0 }
      field += 2
    }
  }

  func failure(of sentinel: RedisAddress, name: String) -> RedisFailure {
    if let error { return error.failure(atSentinel: sentinel) }
    return RedisFailure(
      code: .refused, message: "the sentinel at `\(sentinel)` knows no primary named `\(name)`",
      mayHaveRun: false,
      hint: "see `SENTINEL MASTERS` there for the names that it knows")
  }
}
