/// A rule, a feature, a list or a field as two rule sets may define it: its name and what is said of it.
struct Definition {
  /// One key with its value.
  struct Attribute {
    let name: String
    /// As people read it.
    let text: String
    /// What must be equal; the text, unless something else says more or less.
    let identity: String

    init(_ name: String, _ text: String, identity: String? = nil) {
      self.name = name
      self.text = text
      self.identity = identity ?? text
    }
  }

  let name: String
  let attributes: [Attribute]
}

/// A definition that one of two rule sets has and the other has not, or has in another form.
package struct DefinitionChange: Hashable, Sendable {
  /// What became of it.
  package enum Kind: String, Sendable { case added, removed, changed }

  /// One key whose value is another one.
  package struct Detail: Hashable, Sendable {
    package let name: String
    /// Nil where the key was not there.
    package let before: String?
    package let after: String?

    /// ``when: `a > 3` → `a > 2` ``, without the back-ticks where `mark` adds none.
    package func text(mark: (String) -> String) -> String {
      let (old, new) = (before.map(mark), after.map(mark))
      guard before != after else { return "\(name): \(new ?? "") (what it reads changed)" }
      return "\(name): \(old ?? "nothing") → \(new ?? "nothing")"
    }
  }

  package let name: String
  package let kind: Kind
  /// Of a changed one.
  package let details: [Detail]

  /// What differs between two sets of definitions, by name.
  static func all(before: [Definition], after: [Definition]) -> [DefinitionChange] {
    let old = Dictionary(before.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let new = Dictionary(after.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return Set(old.keys).union(new.keys).sorted().compactMap { name in
      guard let older = old[name] else { return DefinitionChange(name: name, kind: .added, details: []) }
      guard let newer = new[name] else { return DefinitionChange(name: name, kind: .removed, details: []) }
      let details = details(older.attributes, newer.attributes)
      return details.isEmpty ? nil : DefinitionChange(name: name, kind: .changed, details: details)
    }
  }

  private static func details(
    _ before: [Definition.Attribute], _ after: [Definition.Attribute]
  ) -> [Detail] {
    var details: [Detail] = []
    for attribute in after {
      let older = before.first { $0.name == attribute.name }
      guard older?.identity != attribute.identity else { continue }
      details.append(Detail(name: attribute.name, before: older?.text, after: attribute.text))
    }
    for attribute in before where !after.contains(where: { $0.name == attribute.name }) {
      details.append(Detail(name: attribute.name, before: attribute.text, after: nil))
    }
    return details
  }
}
