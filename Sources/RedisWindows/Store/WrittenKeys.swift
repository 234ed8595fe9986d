/// Removing what was written under a temporary namespace.
extension RedisCore {
  /// Removes every key that was written under a temporary namespace; calls `done` with how many may be left.
  package func removeWritten(_ done: @escaping (Int) -> Void) {
    let keys = Array(written)
    written = []
    clock.schedule(after: 0) { [self] in remove(keys[...], done) }
  }

  /// A batch at a time, each within what a connection lets wait; the first that fails is the last.
  private func remove(_ keys: ArraySlice<[UInt8]>, _ done: @escaping (Int) -> Void) {
    var bytes = 0
    let batch = keys.prefix { key in
      defer { bytes += key.count }
      return bytes < Self.removalBytesMax
    }
    if batch.isEmpty { return done(0) }
    var open = batch.count
    var failed = 0
    for key in batch {
      var commands = CommandBuffer()
      commands.unlink(key)
      transport.send(commands, deadline: clock.now + settings.timeout * 10) { [self] result in
        // A key that was gone already is as good.
        if case .success(let replies) = result, replies.kind(replies.first) == .integer {
        } else {
          failed += 1
        }
        open -= 1
        guard open == 0 else { return }
        let rest = keys[batch.endIndex...]
        if failed > 0 { return done(failed + rest.count) }
        clock.schedule(after: 0) { [self] in remove(rest, done) }
      }
    }
  }

  /// Of keys that are removed at once: half of the least that a connection lets wait.
  private static let removalBytesMax = 16 << 10
}
