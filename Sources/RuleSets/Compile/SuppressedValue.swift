internal import CEL
internal import Events

/// The value of a field for which a rule does nothing, as the field's type has it and as decisions show it.
struct SuppressedValue {
  let field: Schema.Field
  let findings: Findings

  /// Nil for a value that the field cannot have, which is said.
  func text(_ suppression: RuleDeclaration.Suppression) -> String? {
    let node = suppression.value
    let written = node.node.scalar?.text ?? ""
    switch (field.type, node.node.scalar?.resolved) {
    case (.double, _), (.timestamp, _), (.money, _), (.list, _):
      findings.error(
        .fieldKind, at: suppression.field.place,
        "`\(field.path)` is \(kind): what is suppressed is a text, an integer, an address or true/false",
        hint: "name a field such as `user.id`")
    case (.int, .int(let number)?): return String(number)
    case (.int, _): node.mismatch("an integer, as `\(field.path)` is", findings)
    case (.bool, .bool(let flag)?): return String(flag)
    case (.bool, _): node.mismatch("`true` or `false`, as `\(field.path)` is", findings)
    case (_, .null?), (_, nil): node.mismatch("a value", findings)
    case (_, _) where written.isEmpty: node.mismatch("a value", findings)
    case (.ip, _):
      if let address = InternetAddress.canonical(written) { return address }
      node.mismatch("an IPv4 or IPv6 address, as `\(field.path)` is", findings)
    case (.enumeration(let members), _):
      if members.contains(where: { $0.utf8.elementsEqual(written.utf8) }) { return written }
      findings.error(
        .unknownChoice, at: node.place,
        "`\(SourceNode.shortened(written))` is not a member of `\(field.path)`",
        hint: Choices.hint(for: written, among: members, named: "members"),
        replacement: DidYouMean.nearest(to: written, among: members))
    // A number as text is the text that was written.
    case (.string, _): return written
    }
    return nil
  }

  private var kind: String {
    switch field.type {
    case .money: "an amount of money"
    default: field.type.celType.spelled
    }
  }
}
