import Assay
import Glibc
import RedisWindows
import RuleSets
import Workbench

/// A store for the length of one command.
struct RedisSession {
  /// Logs that a tool looks at may be longer than those that a decision reads.
  private static let replyBytesMax = 256 << 20

  let store: RedisWindows
  private let namespace: String
  private let isTemporary: Bool
  /// How long the end of a run may take.
  let patience: Duration

  /// Connects, and sees that Redis serves. The keys of a temporary session are removed at its end.
  init(
    _ configuration: RedisConfiguration, isTemporary: Bool, isWriter: Bool = true
  ) throws(Stop) {
    var configuration = configuration
    namespace = configuration.namespace
    self.isTemporary = isTemporary
    patience = .milliseconds(max(configuration.timeoutMilliseconds, 1_000) * 2)
    configuration.isTemporary = isTemporary
    configuration.replyBytesMax = max(configuration.replyBytesMax, Self.replyBytesMax)
    do {
      store = try RedisWindows.connectAndWait(configuration)
    } catch let error as RedisConfigurationError {
      throw Stop(error)
    } catch {
      throw Stop(.input, "`--redis`: \(error)", hint: "see that the server is there and answers")
    }
    let store = store
    if isTemporary { Interruption.shared.watch(self) }
    if let failure = Awaited({ await store.greet(toWrite: isWriter) }).wait() {
      close()
      throw Stop(.input, "`--redis`: \(failure.message)", hint: failure.hint ?? "see that the server serves")
    }
  }

  /// Tells once, on standard error, what would make windows wrong that others share: settings, evictions, clocks. Not for
  /// keys of this run alone: it probes with keys that live ten seconds, and what would make such a run fail shows itself.
  func warn() {
    let store = store
    let inspection = Awaited { try? await store.report(within: Self.inspectionTime / 2) }
    guard let report = inspection.wait(within: Self.inspectionTime) ?? nil else { return }
    let findings = report.findings.filter { $0.severity > .note }
    if findings.isEmpty { return }
    Terminal.note(RedisReport(servers: report.servers, findings: findings).description)
  }

  /// How long the run may be held up by looking at servers, which takes two steps.
  private static let inspectionTime = Duration.seconds(1)

  /// A namespace that nobody has.
  static func freshName(_ prefix: String = "assay") -> String {
    "\(prefix)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
  }

  /// Why the first of the degraded decisions is, with the way out.
  func firstDegradation() -> StoreFailure? {
    let store = store
    return Awaited { try? await store.firstDegradation() }.wait(within: patience) ?? nil
  }

  /// Sees that Redis has all that was written; false where it did not take it in time.
  func drain() -> Bool {
    let store = store
    return Awaited { await store.drain() }.wait(within: patience) != nil
  }

  /// Lets go of the connections; for a session that has written nothing to stay.
  func close() {
    store.close()
    if isTemporary { Interruption.shared.endFinish() }
  }

  /// Sees that all is written, and that a fresh namespace is gone; tells where Redis has not taken all.
  func finish() throws(Stop) {
    if isTemporary && !Interruption.shared.beginFinish() {
      // The keys are removed, and the process is ended, where the signal is taken care of.
      while true { pause() }
    }
    let store = store
    let isDrained = drain()
    let cause = isDrained ? nil : firstDegradation()
    let isRemoved = !isTemporary || Awaited { await store.removeWritten() }.wait(within: patience) == 0
    let waiting = Awaited { (try? await store.statistics())?.backlogCount ?? 0 }.wait()
    close()
    if !isDrained {
      throw Stop(
        .input,
        "`--redis`: Redis has not taken all that was written: \(waiting) events are not in their logs"
          + (cause.map { "; \($0.message)" } ?? ""),
        hint: "\(cause?.hint ?? "see that the server serves"); then run the command again")
    }
    if !isRemoved { throw leftovers }
  }

  /// Keys of this run are still there.
  var leftovers: Stop {
    Stop(
      .input, "`--redis`: not all keys of this run could be removed",
      hint: "see that the server serves, and remove those that begin with `\(namespace):`")
  }
}

extension Stop {
  /// What is wrong with the options that say where Redis is.
  init(_ error: RedisConfigurationError) {
    let option = error.place == "namespace" ? "`--namespace`" : "`--redis`: `\(error.place)`"
    self.init(.input, "\(option): \(error.cause)", hint: error.hint)
  }
}
