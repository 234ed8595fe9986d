import ArgumentParser
import Workbench

/// `assay`: the commands and what they have in common.
struct AssayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    abstract: "Decides events by declarative fraud rules.",
    discussion: """
      Exit codes: 0 fine, 1 findings (diagnostics, failed tests), 2 the rules could not be loaded, \
      3 usage, input or environment.
      """,
    version: "assay 0.1.0",
    subcommands: [
      NewCommand.self, CheckCommand.self, FormatCommand.self, SchemaCommand.self, TestCommand.self,
      IngestCommand.self, ReplayCommand.self, ExplainCommand.self, CompareCommand.self, TuneCommand.self,
      EvaluateCommand.self,
      StateCommand.self,
      BackfillCommand.self, ForgetCommand.self, ServeCommand.self, HealthCommand.self,
      DashboardsCommand.self, ManualCommand.self,
    ])
}

/// The way from the arguments to the exit code.
enum CommandLineEntry {
  /// Runs the command that `arguments` name; whatever goes wrong ends as a message and a code.
  static func run(_ arguments: [String]) -> ExitStatus {
    do {
      if let mistake = HelpRequest.mistake(in: arguments) { throw mistake }
      var command = try AssayCommand.parseAsRoot(arguments)
      try command.run()
      return .fine
    } catch let stop as Stop {
      if let message = stop.message { Terminal.note("error: \(message)\n") }
      if let hint = stop.hint { Terminal.note("hint: \(hint)\n") }
      return stop.status
    } catch let error as OutputError {
      if error.isClosed { return .fine }
      Terminal.note("error: \(error)\nhint: \(error.hint)\n")
      return .input
    } catch {
      return report(error, arguments)
    }
  }

  /// Help, the version and usage errors, which the argument parser words.
  private static func report(_ error: any Error, _ arguments: [String]) -> ExitStatus {
    let text = AssayCommand.fullMessage(for: error) + "\n"
    guard AssayCommand.exitCode(for: error).isSuccess else {
      Terminal.note(UsageMessage(text, arguments: arguments).text)
      return .input
    }
    try? Terminal.print(text)
    return .fine
  }
}
