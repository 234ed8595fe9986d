internal import Dispatch
internal import Windows

/// A value that another thread gives once, and that this one blocks for.
package final class Awaited<Value: Sendable>: Sendable {
  private let value = Guarded<Value?>(nil)
  private let done = DispatchSemaphore(value: 0)

  /// Nothing was given yet.
  package init() {}

  /// Begins `body` on a thread of the system's, and gives what it returns.
  package convenience init(_ body: @escaping @Sendable () async -> Value) {
    self.init()
    Task { give(await body()) }
  }

  /// Gives the value; called once.
  package func give(_ value: Value) {
    self.value.withLock { $0 = value }
    done.signal()
  }

  /// Blocks until the value is there; called once.
  package func wait() -> Value {
    while true {
      done.wait()
      if let value = value.withLock({ $0 }) { return value }
    }
  }

  /// Blocks until the value is there, at most so long.
  package func wait(within limit: Duration) -> Value? {
    let milliseconds = Int(limit / .milliseconds(1))
    guard done.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return nil }
    return value.withLock { $0 }
  }
}
