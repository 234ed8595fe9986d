/// Manual pages, made of what the command says of itself: one for each command, in mdoc.
package struct ManualPages: Sendable {
  /// A page and the file it belongs into.
  package struct Page: Sendable {
    /// `assay-check.1`
    package let fileName: String
    package let text: String
  }

  /// The command's own page first.
  package private(set) var pages: [Page] = []

  /// `dump` is the argument parser's description of the command, `date` the day that the pages tell: `May 1, 2026`.
  package init(of dump: String, version: String, date: String) throws(JSONParseError) {
    let root = CommandDescription(try JSONValue(parsing: dump)["command"] ?? .null, above: [])
    let all = root.withSubcommands.filter { $0.name != "help" && $0.isShown }
    for command in all {
      let page = ManualPage(command, among: all, version: version, date: date)
      pages.append(Page(fileName: command.pageName + ".1", text: page.text))
    }
  }
}

/// What the argument parser tells of a command.
struct CommandDescription {
  /// One argument, option or flag.
  struct Argument {
    enum Kind: String { case positional, option, flag }
    let kind: Kind
    /// With their dashes.
    let names: [String]
    let valueName: String
    let abstract: String
    let standard: String?
    let values: [String]
    let isOptional: Bool
    let isRepeating: Bool
  }

  let name: String
  let path: [String]
  let abstract: String
  let discussion: String
  let isShown: Bool
  let arguments: [Argument]
  let subcommands: [CommandDescription]

  /// Commands are as deep as the program makes them.
  init(_ json: JSONValue, above: [String]) {
    name = json["commandName"]?.text ?? ""
    path = above + [name]
    abstract = json["abstract"]?.text ?? ""
    discussion = json["discussion"]?.text ?? ""
    isShown = json["shouldDisplay"]?.bool ?? true
    arguments = (json["arguments"]?.array ?? []).compactMap(Argument.init)
    let own = path
    subcommands = (json["subcommands"]?.array ?? []).map { CommandDescription($0, above: own) }
  }

  var pageName: String { path.joined(separator: "-") }
  var withSubcommands: [CommandDescription] { [self] + subcommands.flatMap(\.withSubcommands) }
}

extension CommandDescription.Argument {
  /// Nil for one that is not shown.
  init?(_ json: JSONValue) {
    guard json["shouldDisplay"]?.bool ?? true, let kind = json["kind"]?.text.flatMap(Kind.init) else {
      return nil
    }
    self.kind = kind
    names = (json["names"]?.array ?? []).compactMap { name in
      name["name"]?.text.map { (name["kind"]?.text == "short" ? "-" : "--") + $0 }
    }.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    valueName = json["valueName"]?.text ?? "value"
    abstract = json["abstract"]?.text ?? ""
    standard = json["defaultValue"]?.text
    values = (json["allValues"]?.array ?? []).compactMap(\.text)
    isOptional = json["isOptional"]?.bool ?? false
    isRepeating = json["isRepeating"]?.bool ?? false
  }
}
