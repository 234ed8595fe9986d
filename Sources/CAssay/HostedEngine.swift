internal import Assay
internal import CAssayInterface
internal import Events
internal import RuleSets
internal import Windows

/// What a handle of the C interface stands for: windows that stay, and rules that a reload replaces.
final class HostedEngine: Sendable {
  private let folder: String
  private let setup: EngineSetup
  private let options: EngineOptions
  private let store: EngineStore
  /// What decides now. A decision under way stays with the engine that it began with.
  private let live: Guarded<any DecidingEngine>
  /// Lets one reload run after the other; decisions do not wait for it.
  private let reloading = Guarded(())

  /// Reads the rules in `folder` and makes what they need.
  init(folder: String, _ setup: EngineSetup) throws(Problem) {
    let rules = try Self.load(folder, setup)
    (self.folder, self.setup) = (folder, setup)
    options = setup.engineOptions()
    store = try EngineStore(setup, rules)
    live = Guarded(store.makeEngine(rules, options))
  }

  private static func load(_ folder: String, _ setup: EngineSetup) throws(Problem) -> RuleSet {
    let loaded = RuleSetLoader.load(folder: folder)
    guard let rules = loaded.ruleSet else { throw Problem(broken: loaded) }
    try setup.check(rules)
    return rules
  }

  /// The decision on one event, as JSON.
  func decide(_ json: Span<UInt8>) throws(Problem) -> [UInt8] {
    let engine = live.withLock { $0 }
    do throws(EventRefusal) {
      return try engine.decide(json, dryRun: setup.dryRun).json
    } catch {
      throw Problem(error)
    }
  }

  /// Reads the rules again; broken ones change nothing. Tells what decides from now on.
  func reload() throws(Problem) -> [UInt8] {
    try reloading.withLock { _ -> Result<[UInt8], Problem> in
      do throws(Problem) {
        let rules = try Self.load(folder, setup)
        let engine = store.makeEngine(rules, options)
        live.withLock { $0 = engine }
        return .success(rules.summary)
      } catch {
        return .failure(error)
      }
    }.get()
  }

  /// What decides now, as JSON.
  var summary: [UInt8] { live.withLock { $0 }.rules.summary }

  /// Ends what the engine has beside memory. Nobody else uses it any more.
  func close() { store.close() }
}

extension RuleSet {
  /// Name, version, and the rules that decide.
  fileprivate var summary: [UInt8] {
    var output: [UInt8] = []
    output.append(json: "{\"name\":")
    output.append(jsonString: name)
    output.append(json: ",\"version\":")
    output.append(jsonString: version)
    var opening: StaticString = ",\"rules\":[{\"id\":"
    for rule in rules {
      output.append(json: opening)
      opening = ",{\"id\":"
      output.append(jsonString: rule.id)
      output.append(json: ",\"status\":")
      output.append(jsonString: rule.status.rawValue)
      output.append(UInt8(ascii: "}"))
    }
    output.append(json: rules.isEmpty ? ",\"rules\":[]}" : "]}")
    return output
  }
}
