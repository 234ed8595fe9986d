import Glibc
import RedisWindows
import Synchronization
import UnixSignals
import Workbench

/// What SIGINT and SIGTERM do while keys of a run alone are in Redis: they are removed, then the process ends as the
/// signal would have ended it. A second signal ends it at once. (SIGKILL leaves the keys to their expiry.)
final class Interruption: Sendable {
  static let shared = Interruption()

  private struct State {
    var isTrapping = false
    /// The run that has keys, and whether it removes them itself by now.
    var session: RedisSession?
    var isFinishing = false
    /// The first signal that came.
    var signal: Int32?
  }

  private let state = Mutex(State())

  /// From now on a signal removes the keys of `session`.
  func watch(_ session: RedisSession) {
    let isTrapping = state.withLock { state in
      defer { state.isTrapping = true }
      (state.session, state.isFinishing) = (session, false)
      return state.isTrapping
    }
    if !isTrapping { trap() }
  }

  /// The session removes its keys itself: false where a signal was first, and the process is about to end.
  func beginFinish() -> Bool {
    state.withLock { state in
      state.isFinishing = true
      return state.signal == nil
    }
  }

  /// The session's keys are gone. Ends the process where a signal came meanwhile.
  func endFinish() {
    let signal = state.withLock { state in
      state.session = nil
      return state.signal
    }
    if let signal { Self.end(by: signal) }
  }

  /// What is ignored, as by `nohup` or in the background of a script, stays so.
  private func trap() {
    let signals = [UnixSignal.sigint, .sigterm].filter { signal in
      var action = sigaction()
      sigaction(signal.rawValue, nil, &action)
      return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != Self.ignored
    }
    let isTrapping = Awaited<Void>()
    Task {
      let sequence = await UnixSignalsSequence(trapping: signals)
      isTrapping.give(())
      for await signal in sequence { take(signal.rawValue) }
    }
    isTrapping.wait()
  }

  /// `SIG_IGN` as a number.
  private static let ignored = 1

  private func take(_ signal: Int32) {
    let (session, isFirst) = state.withLock { state in
      defer { state.signal = state.signal ?? signal }
      return (state.isFinishing ? nil : state.session, state.signal == nil)
    }
    guard isFirst else { Self.end(by: signal) }
    guard let session else {
      // What is being removed is waited for; where nothing is, there is nothing to wait for.
      if state.withLock({ $0.session == nil }) { Self.end(by: signal) }
      return
    }
    Task {
      try? await Task.sleep(for: session.patience)
      Self.conclude(session, isRemoved: false, signal)
    }
    Task { Self.conclude(session, isRemoved: await session.store.abandon() == 0, signal) }
  }

  private static func conclude(_ session: RedisSession, isRemoved: Bool, _ signal: Int32) -> Never {
    if isatty(STDERR_FILENO) == 1 { Terminal.note("\r\u{1B}[K") }
    if isRemoved {
      Terminal.note("interrupted: the keys of this run were removed from Redis\n")
    } else {
      let stop = session.leftovers
      Terminal.note("interrupted\nerror: \(stop.message ?? "")\nhint: \(stop.hint ?? "")\n")
    }
    end(by: signal)
  }

  /// Ends the process so that whoever waits for it sees which signal it was.
  private static func end(by number: Int32) -> Never {
    signal(number, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(number)
    _exit(128 + number)
  }
}
