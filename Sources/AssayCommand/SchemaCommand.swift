import ArgumentParser
import Workbench

/// `assay schema KIND`
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of a kind of rule file, for editors.",
    discussion: """
      An editor with a YAML language server completes keys, shows what they mean and underlines what is wrong, when a \
      file begins with a line such as

        # yaml-language-server: $schema=../.schemas/rules.json

      The schemas say what can be said about one file by itself; `assay check` knows the rest.
      """)

  @Argument(help: "Which files: ruleset, schema, features, rules, lists, tests or streams.")
  var kind: RuleFileSchema?

  @Option(
    name: .shortAndLong, help: "Write the schema, or without a kind all of them, into this folder.",
    completion: .directory)
  var output: String?

  @Flag(help: "With --output: replace files that are no schemas of this command, too.")
  var force = false

  func validate() throws {
    if force, output == nil { throw ValidationError("--force belongs to --output") }
    guard kind == nil, output == nil else { return }
    let kinds = RuleFileSchema.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("name the kind of file (\(kinds)), or a folder for all of them with `--output`")
  }

  func run() throws {
    guard let output else { return try Terminal.print(kind?.text ?? "") }
    let kinds = kind.map { [$0] } ?? RuleFileSchema.allCases
    if !force, let path = SchemaFolder.foreignFile(among: kinds, in: output) {
      throw Stop(
        .input, "`\(path)` is there already and is no schema of this command",
        hint: "name another folder, or replace it with `--force`")
    }
    for kind in kinds {
      try SchemaFolder.write([kind], into: output)
      try Terminal.print("\(output)/\(kind.fileName)\n")
    }
  }
}

extension RuleFileSchema: ExpressibleByArgument {}
