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
    "error: \(unknownSubcommand(name))\nhint: \(hint(for: name, among: names))\n" + usage(of: parsed)
  }

  static func unknownSubcommand(_ name: String) -> String { "there is no subcommand `\(name)`" }

  /// The nearest of `names`, or all of them.
  static func hint(for name: String, among names: [String]) -> String {
    if let near = DidYouMean.nearest(to: name, among: names) { return "did you mean `\(near)`?" }
    let quoted = names.map { "`\($0)`" }
    return "the subcommands are " + quoted.dropLast().joined(separator: ", ") + " and " + (quoted.last ?? "")
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
