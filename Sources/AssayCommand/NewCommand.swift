import ArgumentParser
import RuleSets
import Workbench

/// `assay new ruleset` and `assay new rule`
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Begins a rule set or a rule, with tests and events that work at once.",
    subcommands: [NewRuleSetCommand.self, NewRuleCommand.self])
}

/// `assay new ruleset NAME`
struct NewRuleSetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ruleset",
    abstract: "Makes a folder with a small rule set, its tests, events, and schemas for editors.",
    discussion: "Nothing is ever overwritten: exit code 3 when the folder is there and holds anything.")

  @Argument(help: "The folder to make; its last part is the rule set's name.", completion: .directory)
  var path: String

  func run() throws {
    let ruleSet = try NewCommand.made { () throws(ScaffoldError) in try NewRuleSet(at: path) }
    try ruleSet.write()
    try Terminal.print(ruleSet.files.map { "\(ruleSet.path)/\($0.path)\n" }.joined())
    Terminal.note(ruleSet.next)
  }
}

/// `assay new rule ID`
struct NewRuleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rule",
    abstract: "Adds a rule to a rule set, in a file of its own, with two tests and events.",
    discussion: """
      Its condition is an example that the rule set's own fields and features can say; it begins as a shadow rule, \
      without effect. Nothing is ever overwritten.
      """)

  @Argument(help: "The rule's id: lower-case letters, digits and `-`.")
  var id: String

  @Option(help: "What kind of evidence it looks at: velocity, behaviour or device.")
  var family = Rule.Family.velocity

  @Option(
    help: "The event type that it looks at. (default: one that a feature counts, else the schema's first)")
  var on: String?

  @Option(help: "The folder of the rule set.", completion: .directory)
  var rules = "."

  func run() throws {
    let loaded: LoadedRuleSet
    let wayOut =
      "name its folder, `assay new rule \(id) --rules FOLDER`, or begin one: `assay new ruleset NAME`"
    do { loaded = try RuleFolder.load(rules) } catch {
      throw Stop(.rules, error.description, hint: "\(error.hint); \(wayOut)")
    }
    guard RuleFolder.hasHeader(rules) else {
      throw Stop(
        .rules, "there is no rule set in `\(rules)`: it has no `ruleset.yaml`", hint: wayOut)
    }
    guard loaded.ruleSet != nil else {
      Terminal.note(loaded.rendered())
      throw Stop(.rules, "the rule set in `\(rules)` has errors", hint: "mend them first")
    }
    let rule = try NewCommand.made { () throws(ScaffoldError) in
      try NewRule(id, family: family, type: on, in: rules, loaded)
    }
    try rule.write()
    let folder = rules == "." ? "" : rules + "/"
    try Terminal.print(rule.files.map { "\(folder)\($0.path)\n" }.joined())
    Terminal.note(rule.next)
  }
}

extension NewCommand {
  fileprivate static func made<Value>(_ make: () throws(ScaffoldError) -> Value) throws(Stop) -> Value {
    do { return try make() } catch { throw Stop(.input, error.message, hint: error.hint) }
  }
}

extension Rule.Family: ExpressibleByArgument {}
