internal import NIOCore
internal import Windows

/// How long logs live, among processes whose rule sets differ.
///
/// An expiry is begun with `NX` and prolonged with `GT`, never simply set: whatever rule set a process has, it does not
/// take from a log the time that another one gave it. Every log has an expiry, since to `GT` a key without one lives for
/// ever already and could not be told from one that a lasting window needs: where records are never gone, it is ten years.
///
/// A process that does not know a log sends `NX`. If that tells that the log was there already, its own time is owed: it
/// is prolonged along with the next visit, or after a second without one.
extension RedisCore {
  /// How long a renewal may be owed; and how many of these are sent at once, and how long after the last. Nanoseconds.
  private static let owedMax: Int64 = 1_000_000_000
  private static let batchCount = 64
  private static let pause: Int64 = 5_000_000

  /// Takes the reply to what renews a log's expiry.
  func receive(
    _ renewal: Flight.Renewal, _ replies: Replies, _ place: Int, of log: CachedLog, _ layout: FoldLayout
  ) {
    guard replies.kind(place) == .integer else { return }
    if renewal == .begin && replies.integer(place) == 0 { owe(log, layout) } else { renewed(log, layout) }
  }

  private func renewed(_ log: CachedLog, _ layout: FoldLayout) {
    let expiry = layout.expiry * 1_000_000
    log.renewAt = clock.now + expiry / 8
    log.expiresAt = clock.now + expiry
  }

  private func owe(_ log: CachedLog, _ layout: FoldLayout) {
    log.renewAt = clock.now
    // Who waits for all to be written waits for this too.
    if !drains.isEmpty { return prolong(log, layout) }
    if log.isOwed { return }
    log.isOwed = true
    if owed.renewals.isEmpty { clock.schedule(after: Self.owedMax) { [self] in payOwed() } }
    owed.renewals.append(OwedRenewals.Renewal(log: log, layout: layout, due: clock.now + Self.owedMax))
  }

  private func payOwed() {
    // In proportion to what is owed, so that no crowd of logs is owed for long.
    for _ in 0..<max(Self.batchCount, owed.renewals.count / 16) {
      guard let first = owed.renewals.first, first.due <= clock.now else { break }
      owed.renewals.removeFirst()
      first.log.isOwed = false
      // A visit may have seen to it.
      if first.log.renewAt <= clock.now { prolong(first.log, first.layout) }
    }
    guard let next = owed.renewals.first else { return }
    clock.schedule(after: max(next.due - clock.now, Self.pause)) { [self] in payOwed() }
  }

  /// Pays all that is owed at once: nobody may be there to do it later.
  func payAll() {
    while let first = owed.renewals.popFirst() {
      first.log.isOwed = false
      if first.log.renewAt <= clock.now { prolong(first.log, first.layout) }
    }
  }

  private func prolong(_ log: CachedLog, _ layout: FoldLayout) {
    var commands = CommandBuffer()
    commands.renew(log.key, .prolong, milliseconds: layout.expiry)
    sendAside(commands) { [self] replies in receive(.prolong, replies, replies.first, of: log, layout) }
  }
}

/// Logs that were there before this process met them, oldest first.
struct OwedRenewals {
  struct Renewal {
    let log: CachedLog
    let layout: FoldLayout
    let due: Int64
  }

  var renewals = CircularBuffer<Renewal>()
}

extension CommandBuffer {
  /// Renews the expiry of a log.
  mutating func renew(_ key: [UInt8], _ renewal: Flight.Renewal, milliseconds: Int64) {
    switch renewal {
    case .none: break
    case .begin: beginExpiry(key, milliseconds: milliseconds)
    case .prolong: prolong(key, milliseconds: milliseconds)
    }
  }
}

extension FoldLayout {
  /// How long a log lives after its last renewal: longer than any record is read. Milliseconds, at most ten years.
  var expiry: Int64 {
    let most = CommandBuffer.expiryMax / 2
    return retention == .max
      ? CommandBuffer.expiryMax : min(retention, most) + min(retention, most) / 4 + 60_000
  }
}
