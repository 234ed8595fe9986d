/// The groups of a transport that is made of several servers: it counts them, keeps those that no server has taken yet,
/// and tells each one once how it ended.
final class GroupDesk {
  /// The bound on groups that no server has taken yet; bytes.
  static let waitingBytesMax = 16 << 20

  let clock: any LoopClock
  /// Finds a server for a group whose time to wait is over.
  var route: ((RoutedGroup) -> Void)?
  /// Groups sent and not answered yet.
  private(set) var inFlight = 0
  private(set) var lastFailure: RedisFailure?
  private var waiting = WaitingGroups()
  private var wakesAt = Int64.max

  init(clock: any LoopClock) { self.clock = clock }

  /// Takes on a group.
  func open(
    _ commands: CommandBuffer, slot: Int?, deadline: Int64, receive: @escaping ReplyHandler
  ) -> RoutedGroup {
    inFlight += 1
    return RoutedGroup(commands, slot: slot, deadline: deadline, receive: receive)
  }

  /// Tells a group how it ended.
  func finish(_ group: RoutedGroup, _ result: Result<Replies, RedisFailure>) {
    inFlight -= 1
    guard case .failure(var failure) = result else { return group.receive(result) }
    lastFailure = failure
    failure.mayHaveRun = failure.mayHaveRun || group.hasRun
    group.receive(.failure(failure))
  }

  /// Fails a group that was only just sent: not within `send`.
  func failLater(_ group: RoutedGroup, _ failure: RedisFailure) {
    clock.schedule(after: 0) { self.finish(group, .failure(failure)) }
  }

  /// Keeps a group; at its deadline it fails with `failure`.
  func wait(_ group: RoutedGroup, until reason: WaitingGroups.Reason, _ failure: RedisFailure) {
    guard group.commands.byteCount <= Self.waitingBytesMax - waiting.byteCount else {
      return failLater(group, failure)
    }
    waiting.append(group, until: reason, failure: failure)
    wake()
  }

  /// Takes the groups that waited for news of the servers, each with why it waited.
  func takeForNews() -> [(group: RoutedGroup, failure: RedisFailure)] { waiting.takeForNews() }

  /// Fails all groups that wait.
  func failAll(_ failure: RedisFailure) {
    for (group, _) in waiting.takeAll() { finish(group, .failure(failure)) }
  }

  private func wake() {
    guard let due = waiting.nextDue, due < wakesAt else { return }
    wakesAt = due
    clock.schedule(after: max(0, due - clock.now)) { [weak self] in self?.look(at: due) }
  }

  private func look(at due: Int64) {
    guard due == wakesAt else { return }
    wakesAt = .max
    let now = clock.now
    for (group, failure) in waiting.takeDue(now) {
      if group.deadline > now, let route { route(group) } else { finish(group, .failure(failure)) }
    }
    wake()
  }
}
