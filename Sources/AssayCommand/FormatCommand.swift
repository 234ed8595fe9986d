import ArgumentParser
import Glibc
import RuleSets
import Workbench

/// `assay fmt RULES…`
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Lays out the files of a rule set in one way, without touching what they mean.",
    discussion: """
      Line ends, blanks at the ends of lines, indentation, the order of keys in rules, features and tests, and empty \
      lines. Comments, quotes, brackets and the wrapping of long conditions stay as they are.

      Exit code 1 when a file is no YAML of a rule set, and with `--check` when a layout would change.
      """)

  @Argument(
    help: "Folders of rule sets, or single files.",
    completion: .file(extensions: ["yaml"]))
  var rules: [String]

  @Flag(help: "Change nothing; show what would change.")
  var check = false

  @Option(help: "When to colour: auto (on a terminal, without NO_COLOR), always or never.")
  var color = ColorChoice.auto

  func validate() throws {
    if rules.contains("-") {
      throw ValidationError("files are laid out where they are: name them instead of `-`")
    }
  }

  func run() throws {
    let run: LayoutRun
    do {
      run = try LayoutRun(rules)
    } catch {
      throw Stop(.input, error.description, hint: "name the folder of a rule set, or one of its files")
    }
    guard run.fileCount > 0 else {
      throw Stop(
        .input, "there are no YAML files in \(rules.map { "`\($0)`" }.joined(separator: ", "))",
        hint: "name the folder of a rule set, or one of its files")
    }
    if check {
      let isColoured = color.applies(to: STDOUT_FILENO)
      try Terminal.print(run.changes.map { $0.diff(color: isColoured) }.joined())
    } else {
      for change in run.changes {
        try change.write()
        try Terminal.print("\(change.path)\n")
      }
    }
    Terminal.note(summary(of: run))
    if !run.unreadable.isEmpty || check && !run.changes.isEmpty { throw Stop(.findings) }
  }

  /// What could not be laid out, and the counts.
  private func summary(of run: LayoutRun) -> String {
    var text = ""
    for (findings, sources) in run.unreadable {
      text += DiagnosticRenderer(sources: sources, color: color.applies(to: STDERR_FILENO)).text(findings)
    }
    for path in run.leftAlone {
      text += "note: `\(path)` is laid out in a way that only its author can change\n"
    }
    let files = "\(run.fileCount) file\(run.fileCount == 1 ? "" : "s")"
    let changed = run.changes.count
    text += check ? "\(changed) of \(files) would change\n" : "\(changed) of \(files) changed\n"
    return text
  }
}
