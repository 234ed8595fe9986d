package import Crypto
package import Foundation
internal import Synchronization

/// The keys of a file that somebody renews: read again when the file changes and, now and then, when a callback names a
/// key that is not there. Keys are known as long as the file has them; a file that cannot be read takes none away.
package final class KeyRing: Sendable {
  /// What tells that a file is another one than before.
  package struct Stamp: Hashable, Sendable {
    let modified: Date?
    let size: Int?
    let number: Int?

    /// Of a file's attributes; nil for what there is not.
    package init(modified: Date?, size: Int?, number: Int?) {
      (self.modified, self.size, self.number) = (modified, size, number)
    }
  }

  /// Where the keys come from, and what time it is.
  package struct Source: Sendable {
    let stamp: @Sendable () -> Stamp
    let read: @Sendable () throws(VerifierKeys.Failure) -> [UInt8]
    let now: @Sendable () -> Duration

    /// `now` counts from any moment and never goes back.
    package init(
      stamp: @escaping @Sendable () -> Stamp,
      read: @escaping @Sendable () throws(VerifierKeys.Failure) -> [UInt8],
      now: @escaping @Sendable () -> Duration
    ) {
      (self.stamp, self.read, self.now) = (stamp, read, now)
    }
  }

  /// How long the file is taken to be the same without a look at it.
  package static let glance = Duration.seconds(1)
  /// The time between two readings for the sake of unknown keys: anybody can send callbacks that name some.
  package static let patience = Duration.seconds(10)

  private struct State {
    var keys: VerifierKeys.Keys
    var stamp: Stamp
    var lookedAt: Duration
    var missedAt: Duration?
    var problem: String?
  }

  private let source: Source
  private let state: Mutex<State>

  /// Reads the keys.
  package init(_ source: Source) throws(VerifierKeys.Failure) {
    self.source = source
    let stamp = source.stamp()
    let keys = try VerifierKeys.read(try source.read())
    state = Mutex(State(keys: keys, stamp: stamp, lookedAt: source.now()))
  }

  /// The key of this id; otherwise nil, and why the file was not read again if it could not be.
  package func key(_ id: UInt64) -> (key: P256.Signing.PublicKey?, problem: String?) {
    state.withLock { state in
      let now = source.now()
      if now - state.lookedAt >= Self.glance {
        state.lookedAt = now
        if source.stamp() != state.stamp { reload(&state) }
      }
      if let key = state.keys[id] { return (key, nil) }
      if state.missedAt.map({ now - $0 >= Self.patience }) ?? true {
        state.missedAt = now
        reload(&state)
      }
      return (state.keys[id], state.problem)
    }
  }

  private func reload(_ state: inout State) {
    // Taken first: what changes while it is read shows at the next look.
    let stamp = source.stamp()
    do throws(VerifierKeys.Failure) {
      state.keys = try VerifierKeys.read(try source.read())
      state.stamp = stamp
      state.problem = nil
    } catch {
      state.problem = error.message
    }
  }
}

extension KeyRing.Source {
  /// A file.
  package init(path: String) {
    let start = ContinuousClock.now
    self.init(
      stamp: {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return KeyRing.Stamp(
          modified: attributes?[.modificationDate] as? Date, size: attributes?[.size] as? Int,
          number: attributes?[.systemFileNumber] as? Int)
      },
      read: { () throws(VerifierKeys.Failure) in
        do throws(FileBytes.Failure) {
          return try FileBytes.read(path, max: IngestLimits.keyFileBytesMax)
        } catch {
          throw VerifierKeys.Failure(message: error.message)
        }
      },
      now: { ContinuousClock.now - start })
  }
}
