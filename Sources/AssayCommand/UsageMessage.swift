import ArgumentParser
import CEL

/// A usage error as the command words it: what is wrong in one line, the way out as a hint, the usage below.
struct UsageMessage {
  let text: String

  /// `parsed` is the argument parser's message for `arguments`.
  init(_ parsed: String, arguments: [String]) {
    let name = arguments.first ?? ""
    let names = AssayCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    let known = names + ["help"]
    if !name.isEmpty, !name.hasPrefix("-"), !known.contains(name) {
      text = Self.unknownSubcommand(name, among: names, parsed)
    } else {
      text = Self.unknownOption(parsed) ?? parsed.prefix(1).lowercased() + parsed.dropFirst()
    }
  }

  private static func unknownSubcommand(_ name: String, among names: [String], _ parsed: String) -> String {
    let quoted = names.map { "`\($0)`" }
    let list = quoted.dropLast().joined(separator: ", ") + " and " + (quoted.last ?? "")
    let hint = DidYouMean.nearest(to: name, among: names).map { "did you mean `\($0)`?" }
    return "error: there is no subcommand `\(name)`\nhint: \(hint ?? "the subcommands are \(list)")\n"
      + usage(of: parsed)
  }

  /// The parser finds the nearest option itself, and says so in its own words; nil for any other message.
  private static func unknownOption(_ parsed: String) -> String? {
    let head = parsed.prefix { !$0.isNewline }
    let parts = head.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0] == "Error: Unknown option " else { return nil }
    var text = "error: there is no option `\(parts[1])`\n"
    if parts.count >= 5, parts[2].hasSuffix("Did you mean ") { text += "hint: did you mean `\(parts[3])`?\n" }
    return text + usage(of: parsed)
  }

  private static func usage(of parsed: String) -> String {
    let lines = parsed.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { !$0.hasPrefix("Usage:") }.joined(separator: "\n")
  }
}
