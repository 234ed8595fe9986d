internal import Ingest
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import RuleSets

/// Lets one reload run after the other.
actor Turns {
  private var last: Task<Void, Never>?

  /// Runs `body` when all that came before are done.
  func take<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
    let before = last
    let task = Task {
      await before?.value
      return await body()
    }
    last = Task { _ = await task.value }
    return await task.value
  }
}

extension Backend {
  /// What came of reading the rules again.
  enum Reloaded: Sendable {
    /// These decide now.
    case live(name: String, version: String)
    /// The rules are broken: those of before decide on. The findings as people read them.
    case refused(String)
  }

  private func refuse(_ findings: String) -> Reloaded {
    meters.countReload(isLive: false)
    logger.error("the rules were not reloaded", metadata: ["findings": .string(findings)])
    return .refused(findings)
  }

  /// Reads and checks the folder again, apart from the loops, and if all is well each event from then on is decided by
  /// what was read. An event that is being decided stays with its rules.
  func reloadRules() async -> Reloaded {
    await turns.take { [self] in
      let loaded = try? await NIOThreadPool.singleton.runIfActive { [folder] in
        RuleSetLoader.load(folder: folder)
      }
      guard let rules = loaded?.ruleSet else {
        return refuse(loaded?.rendered() ?? "the server stops\n")
      }
      if configuration.lacksKey(for: rules) {
        return refuse("\(SidecarError.noHashingKey.message); \(SidecarError.noHashingKey.hint)\n")
      }
      if configuration.redis != nil, rules.durability != durability {
        logger.warning("`durability` is another now: it takes effect with the next start of the server")
      }
      var ingestion: Ingestion?
      if let loop = loops.first { ingestion = await run(on: loop) { $0.ingestion } ?? nil }
      do throws(SidecarError) {
        ingestion = try await Self.ingestion(at: configuration.ingestPath, continuing: ingestion)
      } catch {
        return refuse("\(error.message); \(error.hint)\n")
      }
      for loop in loops {
        await run(on: loop) { [ingestion] in
          $0.use(rules)
          $0.ingestion = ingestion
        }
      }
      meters.countReload(isLive: true)
      meters.tell(rules)
      logger.info(
        "the rules were reloaded", metadata: ["ruleset": "\(rules.name)", "version": "\(rules.version)"])
      return .live(name: rules.name, version: rules.version)
    }
  }
}
