internal import Assay
internal import CAssayInterface
internal import Dispatch
internal import RedisWindows
internal import RuleSets
internal import Windows

/// The windows of one engine, over which the engines of one rule set after the other decide.
enum EngineStore: Sendable {
  case memory(MemoryWindows)
  /// The thread is the engine's own, so that it can end with it.
  case redis(RedisWindows, LoopThread)

  /// How long what waits to be stored may take when an engine ends; milliseconds.
  private static let drainMillisecondsMax = 5_000

  /// Windows as `setup` says. Redis is not connected to yet.
  init(_ setup: EngineSetup, _ rules: RuleSet) throws(Problem) {
    guard let configuration = try setup.redisConfiguration(rules) else {
      self = .memory(MemoryWindows(bytesMax: setup.memoryBytesMax))
      return
    }
    let thread = try LoopThread()
    do {
      self = .redis(try RedisWindows.connectAndWait(configuration, on: thread.loop), thread)
    } catch {
      thread.end()
      if let error = error as? RedisConfigurationError { throw .redis(error) }
      throw Problem(ASSAY_SYSTEM, "redis", "windows in Redis cannot be set up: \(error)")
    }
  }

  /// An engine that decides by `rules` over these windows.
  func makeEngine(_ rules: RuleSet, _ options: EngineOptions) -> any DecidingEngine {
    switch self {
    case .memory(let windows):
      MemoryEngine(engine: Engine(rules: rules, store: windows, options: options))
    case .redis(let windows, _):
      RedisEngine(engine: Engine(rules: rules, store: windows, options: options))
    }
  }

  /// Lets Redis have what waits for it, closes the connections and ends the thread.
  func close() {
    guard case .redis(let windows, let thread) = self else { return }
    let drained = DispatchSemaphore(value: 0)
    windows.drain { drained.signal() }
    _ = drained.wait(timeout: .now() + .milliseconds(Self.drainMillisecondsMax))
    windows.close()
    thread.end()
  }
}
