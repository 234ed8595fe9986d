internal import Events
internal import Windows

/// What a recorder keeps from one batch to the next.
struct RecorderMemory: Sendable {
  /// Logs that were met, by hash: a collision leaves one with the expiry it had, and not looked at.
  private var met: Set<UInt64> = []
  /// Logs that hold what is no record of ours, and what is said of them.
  private(set) var unfit: [[UInt8]: ArchiveFailure] = [:]
  /// Logs that were long, and the length at which they are looked at again.
  private var trimAt: [[UInt8]: Int] = [:]
  /// Beyond so many all are met once more: some 16 MB.
  private static let metMax = 1 << 20
  /// With more of them something else is wrong, such as the namespace.
  private static let unfitMax = 1_000
  /// Shorter logs are left to whoever visits them.
  static let trimBytesMin = 256 << 10

  /// Whether a log is met for the first time: it is to be looked at, and its expiry to be set.
  mutating func meets(_ key: [UInt8]) -> Bool {
    if met.count >= Self.metMax { met.removeAll(keepingCapacity: true) }
    return met.insert(Hashing.hash(key.rawBytes, 0..<key.count, seed: Hashing.seed)).inserted
  }

  /// Keeps in mind that nothing may be appended to a log; false where there are too many to go on.
  mutating func shun(_ key: [UInt8], _ failure: ArchiveFailure) -> Bool {
    unfit[key] = failure
    return unfit.count <= Self.unfitMax
  }

  /// Whether a log of so many bytes is due for trimming.
  func isDue(_ key: [UInt8], length: Int) -> Bool {
    length >= Self.trimBytesMin && length >= trimAt[key] ?? Self.trimBytesMin
  }

  /// A log was trimmed, or was not worth it, and is left alone up to `length`.
  mutating func postpone(_ key: [UInt8], to length: Int) { trimAt[key] = max(length, Self.trimBytesMin) }
}
