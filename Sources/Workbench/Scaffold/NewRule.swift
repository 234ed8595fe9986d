internal import CEL
internal import Events
internal import Foundation
package import RuleSets

/// A rule to begin with, in files of its own: the rule, two tests and the events of one of them.
///
/// Its condition is one that the rule set's own fields and features can say, and everything is loaded and tested before
/// anything is written.
package struct NewRule: Sendable {
  /// What will be there in the rule set's folder.
  package let files: [FileChange]
  package let id: String
  private let folder: String

  /// Fails where the id, the event type or the files cannot be used; without a `type` it is one that a feature counts.
  package init(
    _ id: String, family: Rule.Family, type: String?, in folder: String, _ loaded: LoadedRuleSet
  ) throws(ScaffoldError) {
    try ScaffoldName.check(id, of: "a rule", such: "payout-burst")
    guard let rules = loaded.ruleSet else {
      throw ScaffoldError(message: "the rule set has errors", hint: "`assay check` shows them")
    }
    (self.id, self.folder) = (id, folder)
    let index = try Self.index(of: type, in: rules.schema.types) ?? ExampleCondition.type(rules, family)
    for path in ["rules/\(id).yaml", "tests/\(id).yaml", "events/\(id).ndjson"]
    where FileManager.default.fileExists(atPath: folder + "/" + path) {
      throw ScaffoldError(message: "`\(folder)/\(path)` is there already", hint: "choose another id")
    }
    guard let files = try Self.files(id, family, index, rules, folder, loaded) else {
      throw ScaffoldError(
        message: "no example could be made for this schema",
        hint: "write the rule by hand; `assay schema rules` tells its keys")
    }
    let schemas = [RuleFileSchema.rules, .tests].filter {
      !FileManager.default.fileExists(atPath: "\(folder)/\(SchemaFolder.name)/\($0.fileName)")
    }
    self.files =
      files
      + schemas.map {
        FileChange(path: "\(SchemaFolder.name)/\($0.fileName)", before: nil, after: Array($0.text.utf8))
      }
  }

  /// Writes the files, none of which is there before: all of them, or where one cannot be written none.
  package func write() throws(OutputError) {
    var made: [String] = []
    do throws(OutputError) {
      for file in files {
        let parent = URL(fileURLWithPath: folder + "/" + file.path).deletingLastPathComponent().path
        let isNew = !FileManager.default.fileExists(atPath: parent)
        try file.write(below: folder)
        made += (isNew ? [parent] : []) + [folder + "/" + file.path]
      }
    } catch {
      // Files before the folders that were made for them.
      for path in made.reversed() { try? FileManager.default.removeItem(atPath: path) }
      throw error
    }
  }

  /// What to do next.
  package var next: String {
    let below = folder == "." ? "" : folder + "/"
    return """
      next:
        write the condition that you mean into \(below)rules/\(id).yaml, and what must fire it into \(below)tests/\(id).yaml
        assay check \(folder)
        assay test \(folder) --filter \(id)
        assay replay \(folder) \(below)events/\(id).ndjson --format text

      """
  }

  private static func index(of type: String?, in types: [String]) throws(ScaffoldError) -> Int? {
    guard let type else { return nil }
    if let index = types.firstIndex(of: type) { return index }
    let near = DidYouMean.nearest(to: type, among: types)
    throw ScaffoldError(
      message: "the schema has no event type `\(type)`",
      hint: near.map { "did you mean `\($0)`?" }
        ?? "the event types are \(types.prefix(12).map { "`\($0)`" }.joined(separator: ", "))")
  }

  /// The first example that loads without a new finding, whose tests pass, and that lets every other test pass that did.
  private static func files(
    _ id: String, _ family: Rule.Family, _ type: Int, _ rules: RuleSet, _ folder: String,
    _ loaded: LoadedRuleSet
  ) throws(ScaffoldError) -> [FileChange]? {
    let failing = Set(failures(of: rules).map(\.name))
    for example in ExampleCondition.candidates(rules, family, type: type) {
      let draft = RuleDraft(
        id: id, family: family, type: rules.schema.types[type], example: example,
        members: ExampleCondition.members(rules))
      let texts = [("rules/\(id).yaml", draft.rule), ("tests/\(id).yaml", draft.tests)]
      let trial = RuleSetLoader.load(
        folder: folder, replacing: Dictionary(uniqueKeysWithValues: texts.map { ($0.0, Array($0.1.utf8)) }))
      if trial.diagnostics.contains(where: { $0.code == RuleSetCode.duplicateRule.rawValue }) {
        throw ScaffoldError(message: "there is a rule `\(id)` already", hint: "choose another id")
      }
      guard let tried = trial.ruleSet, trial.diagnostics.count == loaded.diagnostics.count,
        failures(of: tried).allSatisfy({ $0.rule != id && failing.contains($0.name) }),
        let events = tried.tests.first(where: { $0.rule == id && $0.fires == true })?.steps
      else { continue }
      let lines = events.map { String(decoding: $0.json, as: UTF8.self) + "\n" }.joined()
      return (texts + [("events/\(id).ndjson", lines)]).map {
        FileChange(path: $0.0, before: nil, after: Array($0.1.utf8))
      }
    }
    return nil
  }

  private static func failures(of rules: RuleSet) -> [TestResult] {
    ((try? TestRunner(rules: rules).run(filter: nil))?.results ?? []).filter { !$0.mismatches.isEmpty }
  }
}

/// The texts of a new rule and its tests.
private struct RuleDraft {
  let id: String
  let family: Rule.Family
  let type: String
  let example: ExampleCondition
  let members: [(path: String, value: String)]

  var rule: String {
    """
    \(SchemaFolder.line(.rules, depth: 1))rules:
      - id: \(id)
        title: What this rule finds, in one line
        family: \(family.rawValue)
        on: \(type)
        when: \(condition)
        on_missing: skip          # what happens where a field or a feature is missing: skip, review or block
        score: 20
        status: shadow            # reported, without effect, until replays show that it is right
        reason: \(JSONValue.string(example.reason ?? "say what was found").encoded())

    """
  }

  /// In quotes where plain text would be read as something else.
  private var condition: String {
    example.text.contains("\"") ? "'\(example.text.replacing("'", with: "''"))'" : example.text
  }

  var tests: String {
    let own = Set((example.fires + example.spares).map(\.path))
    let defaults = members.filter { !own.contains($0.path) }
    var text = SchemaFolder.line(.tests, depth: 1)
    if !defaults.isEmpty { text += "defaults: \(mapping(defaults))\n" }
    text += "tests:\n"
    text += test("what must fire it", fires: true)
    return text + "\n" + test("what must not", fires: false)
  }

  private func test(_ name: String, fires: Bool) -> String {
    let with = fires ? example.fires : example.spares
    var text = "  - name: \(id), \(name)\n    rule: \(id)\n    fires: \(fires)\n    events:\n"
    let count = fires ? example.before : max(0, example.before - 1)
    let head = "      - {type: \(type), at: "
    if let varied = example.varied {
      for (minute, value) in varied.values.prefix(count + 1).enumerated() {
        text += head + "\(minute)m, with: {\(varied.path): \(value)}}\n"
      }
      return text
    }
    if count > 0 { text += head + "0s, repeat: \(count), every: 1m}\n" }
    // Without anything else to tell them apart, the events' ids do.
    let isByID = example.fires.isEmpty && example.before == 0
    text += head + "\(count)m"
    if isByID { text += ", id: \(fires ? "example-1" : "other-1")" }
    if !with.isEmpty { text += ", with: \(mapping(with))" }
    return text + "}\n"
  }

  private func mapping(_ members: [(path: String, value: String)]) -> String {
    "{" + members.map { "\($0.path): \($0.value)" }.joined(separator: ", ") + "}"
  }
}
