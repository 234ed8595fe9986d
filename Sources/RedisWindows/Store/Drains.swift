internal import CEL
internal import Events
internal import Windows

/// What is sent and no decision waits for: remembered decisions, marks of repeats, trims. Who ends may wait for all of it.
extension RedisCore {
  /// Sends what no decision waits for; `receive` is called if there are replies.
  func sendAside(_ commands: borrowing CommandBuffer, receive: @escaping (Replies) -> Void) {
    statistics.commands += commands.count
    asideCount += 1
    transport.send(commands, deadline: clock.now + settings.timeout) { [self] result in
      if case .success(let replies) = result { receive(replies) }
      landedAside()
    }
  }

  /// The same where no reply tells anything.
  func sendAside(_ commands: borrowing CommandBuffer) {
    statistics.commands += commands.count
    asideCount += 1
    transport.send(commands, deadline: clock.now + settings.timeout) { [self] _ in landedAside() }
  }

  private func landedAside() {
    asideCount -= 1
    if !drains.isEmpty { drained() }
  }

  /// Writes the decision in the place of the event's claim, and sends it aside.
  func sendDecision(_ decision: [UInt8], of visit: borrowing Visit) {
    commands.removeAll()
    commands.remember(visit.idBytes, .decided(visit.event.digest, decision), keys: keys)
    sendAside(commands)
  }

  /// Calls `done` on the loop when Redis has answered all that no decision waits for, remembered decisions among it,
  /// and nothing waits to be appended.
  package func drain(_ done: @escaping () -> Void) {
    drains.append(done)
    payAll()
    clock.schedule(after: 0) { [self] in drained() }
  }

  func drained() {
    guard asideCount == 0, backlog.isEmpty, !drains.isEmpty else { return }
    let waiting = drains
    drains = []
    for done in waiting { done() }
  }
}
