package import RuleSets
internal import CEL
internal import Events
package import Windows

/// An entity as its key's fields and their values name it: `user.id=u42`, `user.id=u42,device.id=d1`.
package struct EntityAddress: Sendable, Equatable {
  /// Index into the plan's entities.
  package let entity: Int
  /// The key's fields in the entity's order, with their values as they were written.
  package let parts: [Part]

  /// One field of a key.
  package struct Part: Sendable, Equatable {
    package let path: String
    package let text: String
    /// The value is not to be shown.
    package let isSensitive: Bool
    /// The value as it may be shown.
    package var masked: String { isSensitive ? "***" : text }
  }

  /// Why a text names no entity of a rule set.
  package struct Problem: Error, Hashable, Sendable {
    /// Lower case, no final period.
    package let message: String
    package let hint: String?
    /// The rule set has such an entity, but the values are not those of its key.
    package var isOfKey = false
  }

  /// Reads one or several texts, each with one `field=value` or several behind commas. A comma separates only where a
  /// name and `=` follow it; `\,` never does.
  package init(_ texts: [String], rules: RuleSet) throws(Problem) {
    var values: [(path: String, text: String)] = []
    for text in texts.flatMap(Self.pieces) {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw Problem(
          message: "`\(VisibleLine.of(text))` names no entity",
          hint: "write the key's field and its value, such as `\(Self.example(rules))`")
      }
      let path = String(text[..<equals])
      guard !values.contains(where: { $0.path == path }) else {
        throw Problem(message: "`\(path)` is given twice", hint: "an entity has one value for each field")
      }
      values.append((path, String(text[text.index(after: equals)...])))
    }
    let entity = try Self.entity(of: values.map(\.path), rules)
    self.init(entity: entity, rules) { path in values.first { $0.path == path }?.text ?? "" }
  }

  /// The entity whose key has the fields of `name`, behind commas (`user.id`, `user.id,device.id`), in any order, with a
  /// value for each.
  package init(name: String, values: [String], rules: RuleSet) throws(Problem) {
    let paths = name.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if Set(paths).count < paths.count {
      throw Problem(message: "a field is given twice", hint: Self.choices(rules))
    }
    let entity = try Self.entity(of: paths, rules)
    guard paths.count == values.count else {
      throw Problem(
        message: "the key of \(paths.map { "`\($0)`" }.joined(separator: " and ")) has \(paths.count) values",
        hint: "write them behind commas, in the order of the fields", isOfKey: true)
    }
    let given = Dictionary(zip(paths, values)) { first, _ in first }
    self.init(entity: entity, rules) { given[$0] ?? "" }
  }

  private init(entity: Int, _ rules: RuleSet, text: (String) -> String) {
    self.entity = entity
    parts = Self.fields(of: rules.plan.entities[entity]).map { path in
      Part(
        path: path, text: text(path),
        isSensitive: rules.schema.fields.first { $0.path == path }?.sensitive ?? false)
    }
  }

  /// What an entity of the plan is called: its key's fields behind commas.
  package static func name(of entity: EntityPlan) -> String { fields(of: entity).joined(separator: ",") }

  /// As messages show it; sensitive values are masked.
  package var shown: String {
    parts.map { "\($0.path)=\(VisibleLine.of($0.masked))" }.joined(separator: ",")
  }

  /// The entity whose key has exactly these fields.
  private static func entity(of paths: [String], _ rules: RuleSet) throws(Problem) -> Int {
    let entities = rules.plan.entities
    let known = Set(entities.flatMap(fields))
    if let unknown = paths.first(where: { !known.contains($0) }) { throw problem(unknown, known, rules) }
    if let found = entities.firstIndex(where: { Set(fields(of: $0)) == Set(paths) }) { return found }
    let more = entities.map(fields).first { Set(paths).isSubset(of: $0) }
    let list = paths.map { "`\($0)`" }.joined(separator: " and ")
    if let more {
      let missing = more.filter { !paths.contains($0) }.map { "`\($0)`" }.joined(separator: " and ")
      throw Problem(
        message: "no feature is kept by \(list) alone", hint: "give \(missing) too; \(choices(rules))")
    }
    throw Problem(message: "no feature is kept by \(list) together", hint: choices(rules))
  }

  private static func problem(_ path: String, _ known: Set<String>, _ rules: RuleSet) -> Problem {
    let name = VisibleLine.of(path)
    if let nearest = DidYouMean.nearest(to: path, among: known) {
      return Problem(message: "there is no entity `\(name)`", hint: "did you mean `\(nearest)`?")
    }
    let isField = rules.schema.slot(of: path) != nil
    return Problem(
      message: isField ? "no feature is kept by `\(name)`" : "there is no entity `\(name)`",
      hint: choices(rules))
  }

  private static func choices(_ rules: RuleSet) -> String {
    let names = rules.plan.entities.map { "`\(name(of: $0))`" }
    if names.isEmpty { return "the rule set has no windowed features" }
    return "features are kept by \(names.joined(separator: ", "))"
  }

  private static func example(_ rules: RuleSet) -> String {
    let first = rules.plan.entities.first.map(fields) ?? ["user.id"]
    return first.map { "\($0)=…" }.joined(separator: ",")
  }

  private static func fields(of entity: EntityPlan) -> [String] {
    entity.name.split(separator: "+").map(String.init)
  }

  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if character == "\\", let next = rest.first, next == "," {
        piece.append(rest.removeFirst())
      } else if character == ",", startsPiece(rest) {
        pieces.append(piece)
        piece = ""
      } else {
        piece.append(character)
      }
    }
    return pieces + [piece]
  }

  /// Whether a field's name and `=` come next.
  private static func startsPiece(_ text: Substring) -> Bool {
    let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
    return !name.isEmpty && text[name.endIndex...].hasPrefix("=")
  }
}
