/// Which event types something is about.
enum EventTypesDeclaration: Sendable {
  case any
  case listed([Located<String>])

  init?(_ node: SourceNode, _ findings: Findings) {
    guard let texts = node.texts(findings, of: "event types", allowsOne: true) else { return nil }
    if texts.contains(where: { $0.value == "any" }) {
      if texts.count > 1 {
        findings.error(
          .conflictingKeys, at: node.place, "`any` includes every other event type", hint: "write `any` alone"
        )
      }
      self = .any
      return
    }
    if texts.isEmpty { node.mismatch("at least one event type, or `any`", findings) }
    self = .listed(texts)
  }
}
