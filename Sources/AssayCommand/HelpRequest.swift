import ArgumentParser

/// `assay help NAME…`, which the argument parser answers with nothing where it does not know a name.
enum HelpRequest {
  /// Why `arguments` ask for help that there is none of; nil for every other command line.
  static func mistake(in arguments: [String]) -> Stop? {
    guard arguments.first == "help", arguments.dropFirst().first != "help" else { return nil }
    var command: any ParsableCommand.Type = AssayCommand.self
    for name in arguments.dropFirst() where !name.hasPrefix("-") {
      let known = command.configuration.subcommands
      guard let next = known.first(where: { $0.configuration.commandName == name }) else {
        let names = known.compactMap { $0.configuration.commandName }
        let message = UsageMessage.unknownSubcommand(name)
        guard !names.isEmpty else {
          let owner = command.configuration.commandName ?? "assay"
          return Stop(.input, message, hint: "`\(owner)` has none: `assay help \(owner)`")
        }
        return Stop(.input, message, hint: UsageMessage.hint(for: name, among: names))
      }
      command = next
    }
    return nil
  }
}
