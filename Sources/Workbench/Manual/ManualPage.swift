/// One page of the manual, as mdoc.
struct ManualPage {
  private(set) var text = ""

  init(_ command: CommandDescription, among all: [CommandDescription], version: String, date: String) {
    macro("Dd \(date)")
    macro("Dt \(command.pageName.uppercased()) 1")
    macro("Os assay \(version)")
    macro("Sh NAME")
    macro("Nm \(command.pageName)")
    macro("Nd \(Self.inline(Self.lowered(command.abstract)))")
    synopsis(command)
    macro("Sh DESCRIPTION")
    paragraph(command.abstract)
    discussion(command.discussion)
    options(command)
    if !command.subcommands.isEmpty { subcommands(command) }
    exitStatus()
    seeAlso(command, all)
  }

  private mutating func macro(_ line: String) { text += ".\(line)\n" }

  private mutating func synopsis(_ command: CommandDescription) {
    macro("Sh SYNOPSIS")
    macro("Nm \(command.path.first ?? command.name)")
    for word in command.path.dropFirst() { macro("Cm \(word)") }
    for argument in command.arguments where !["--version", "--help"].contains(argument.names.last ?? "") {
      let name = argument.names.last.map { "Fl \($0.dropFirst())" }
      let value = "Ar \(argument.valueName)" + (argument.isRepeating ? " ..." : "")
      let whole: String
      switch argument.kind {
      case .positional: whole = value
      case .option: whole = "\(name ?? "") \(value)"
      case .flag: whole = name ?? ""
      }
      macro(argument.isOptional ? "Op \(whole)" : whole)
    }
    if !command.subcommands.isEmpty {
      macro("Ar subcommand")
      macro("Op Ar ...")
    }
  }

  private mutating func options(_ command: CommandDescription) {
    guard !command.arguments.isEmpty else { return }
    macro("Bl -tag -width Ds")
    for argument in command.arguments {
      let names = argument.names.map { "Fl \($0.dropFirst())" }.joined(separator: " , ")
      switch argument.kind {
      case .positional: macro("It Ar \(argument.valueName)")
      case .option: macro("It \(names) Ar \(argument.valueName)")
      case .flag: macro("It \(names)")
      }
      paragraph(argument.abstract)
      let listed = argument.values.filter { !argument.abstract.contains($0) }
      if !listed.isEmpty { paragraph("One of \(argument.values.joined(separator: ", ")).") }
      if let standard = argument.standard, !standard.isEmpty { paragraph("Default: \(standard).") }
    }
    macro("El")
  }

  private mutating func subcommands(_ command: CommandDescription) {
    macro("Ss Subcommands")
    macro("Bl -tag -width Ds")
    for subcommand in command.subcommands where subcommand.isShown && subcommand.name != "help" {
      macro("It Cm \(subcommand.name)")
      paragraph(subcommand.abstract)
    }
    macro("El")
  }

  private mutating func exitStatus() {
    macro("Sh EXIT STATUS")
    macro("Bl -tag -width Ds")
    for (code, meaning) in [
      ("0", "All is fine."),
      ("1", "Findings: diagnostics, failed tests, changed decisions, files that are laid out otherwise."),
      ("2", "The rules could not be loaded."),
      ("3", "Usage, input or environment."),
    ] {
      macro("It \(code)")
      paragraph(meaning)
    }
    macro("El")
  }

  private mutating func seeAlso(_ command: CommandDescription, _ all: [CommandDescription]) {
    let related = all.filter { other in
      other.path != command.path
        && (other.path == Array(command.path.dropLast()) || Array(other.path.dropLast()) == command.path)
    }.map(\.pageName).sorted()
    guard !related.isEmpty else { return }
    macro("Sh SEE ALSO")
    for (index, name) in related.enumerated() {
      macro("Xr \(name) 1" + (index + 1 < related.count ? " ," : ""))
    }
  }

  /// Paragraphs apart by an empty line; those that are indented as they stand.
  private mutating func discussion(_ text: String) {
    for part in text.split(separator: "\n\n", omittingEmptySubsequences: true) {
      macro("Pp")
      guard part.hasPrefix("  ") else {
        paragraph(String(part))
        continue
      }
      self.text.removeLast(".Pp\n".count)
      macro("Bd -literal -offset indent")
      for line in part.split(separator: "\n") { self.text += Self.inline(String(line.dropFirst(2))) + "\n" }
      macro("Ed")
    }
  }

  /// Each sentence on a line of its own, as mdoc wants it.
  private mutating func paragraph(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    var line = ""
    for (index, word) in words.enumerated() {
      line += (line.isEmpty ? "" : " ") + word
      let begins = index + 1 < words.count ? words[index + 1].first : nil
      if word.hasSuffix("."), begins?.isUppercase == true || begins == "`" {
        self.text += Self.inline(line) + "\n"
        line = ""
      }
    }
    if !line.isEmpty { self.text += Self.inline(line) + "\n" }
  }

  /// Text in back-ticks in bold; nothing of a text is taken for a request.
  private static func inline(_ text: String) -> String {
    var result = ""
    var isBold = false
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "`":
        result += isBold ? "\\fP" : "\\fB"
        isBold.toggle()
      default: result.append(character)
      }
    }
    if isBold { result += "\\fP" }
    return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&" + result : result
  }

  /// As the line under NAME wants it: without a capital and without its period.
  private static func lowered(_ text: String) -> String {
    let plain = text.hasSuffix(".") ? text.dropLast() : text[...]
    let isName = plain.dropFirst().first?.isUppercase ?? false
    return (isName ? String(plain.prefix(1)) : plain.prefix(1).lowercased()) + plain.dropFirst()
  }
}
