internal import NIOCore

extension RedisWindows {
  /// Ends a run before its end: visits that come from now on are never answered, and when those under way are, every
  /// key that was written under the temporary namespace is removed. Tells how many may be left.
  package func abandon() async -> Int {
    await withCheckedContinuation { continuation in
      _ = withCore { core in core.abandon { continuation.resume(returning: $0) } }
    }
  }
}

extension RedisCore {
  /// How often it is looked whether all is answered; nanoseconds.
  private static let quietGrain: Int64 = 1_000_000

  /// Takes no visits any more, and removes what was written.
  package func abandon(_ done: @escaping (Int) -> Void) {
    isAbandoned = true
    removeWhenQuiet(clock.now + settings.timeout, done)
  }

  /// What is under way may append once more when it is answered: that must come before the removal.
  private func removeWhenQuiet(_ deadline: Int64, _ done: @escaping (Int) -> Void) {
    guard health.inFlight > 0 && clock.now < deadline else { return removeWritten(done) }
    clock.schedule(after: Self.quietGrain) { [self] in removeWhenQuiet(deadline, done) }
  }
}
