import Assay
import RedisWindows
import RuleSets
import Workbench

/// A store for the length of one command.
struct RedisSession {
  /// Logs that a tool looks at may be longer than those that a decision reads.
  private static let replyBytesMax = 256 << 20

  let store: RedisWindows
  private let isTemporary: Bool
  private let patience: Duration

  /// Connects to the Redis at `url`, and sees that it serves. The keys of a temporary session are removed at its end.
  init(
    url: String, _ settings: RedisSettings, _ rules: RuleSet, namespace: String, isTemporary: Bool,
    isWriter: Bool = true
  ) throws(Stop) {
    self.isTemporary = isTemporary
    patience = .milliseconds(max(settings.redisTimeout, 1_000) * 2)
    do {
      var configuration = try RedisConfiguration(url: url, namespace: namespace, origin: .arguments)
      if rules.durability == .wait { configuration.durability = .wait }
      configuration.timeoutMilliseconds = settings.redisTimeout
      configuration.isTemporary = isTemporary
      configuration.replyBytesMax = max(configuration.replyBytesMax, Self.replyBytesMax)
      store = try RedisWindows.connectAndWait(configuration)
    } catch let error as RedisConfigurationError {
      let option = error.place == "namespace" ? "`--namespace`" : "`--redis`: `\(error.place)`"
      throw Stop(.input, "\(option): \(error.cause)", hint: error.hint)
    } catch {
      throw Stop(.input, "`--redis`: \(error)", hint: "see that the server is there and answers")
    }
    let store = store
    if let failure = Awaited({ await store.greet(toWrite: isWriter) }).wait() {
      store.close()
      throw Stop(.input, "`--redis`: \(failure.message)", hint: failure.hint ?? "see that the server serves")
    }
  }

  /// A namespace that nobody has.
  static func freshName(_ prefix: String = "assay") -> String {
    "\(prefix)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
  }

  /// Sees that Redis has all that was written; false where it did not take it in time.
  func drain() -> Bool {
    let store = store
    return Awaited { await store.drain() }.wait(within: patience) != nil
  }

  /// Sees that all is written, and that a fresh namespace is gone; tells where Redis has not taken all.
  func finish() throws(Stop) {
    let store = store
    let isDrained = drain()
    let isRemoved = !isTemporary || Awaited { await store.removeWritten() }.wait(within: patience) != nil
    let waiting = Awaited { (try? await store.statistics())?.backlogCount ?? 0 }.wait()
    store.close()
    if !isDrained {
      throw Stop(
        .input,
        "`--redis`: Redis has not taken all that was written: \(waiting) events are not in their logs",
        hint: "see that the server serves, and run the command again")
    }
    if !isRemoved {
      throw Stop(
        .input, "`--redis`: the keys of this run could not be removed",
        hint: "they expire; or see that the server serves, and remove them by their namespace")
    }
  }
}
