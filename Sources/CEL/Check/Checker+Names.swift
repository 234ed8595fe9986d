extension Checker {
  /// A name `a.b.c`: the longest declared beginning is the variable, the rest selects fields. Also fields of any other
  /// value. The whole chain is resolved here at once.
  mutating func checkName(_ id: NodeID) -> CELType {
    var chain: [NodeID] = []
    var fields: [String] = []
    var current = id
    while case .select(let operand, let field, let presence) = expression[current].kind,
      !presence || current == id
    {
      chain.append(current)
      fields.append(field)
      current = operand
    }
    chain.reverse()
    fields.reverse()
    guard case .identifier(let root, let absolute) = expression[current].kind else {
      if case .call(Operator.optionalSelect, nil, _) = expression[current].kind,
        let type = checkOptionalVariable(id)
      {
        return type
      }
      return selectFields(chain[...], of: check(current))
    }
    if !absolute, let local = locals[root]?.last {
      types[Int(current.index)] = local
      references[Int(current.index)] = .local(root)
      return selectFields(chain[...], of: local)
    }
    let segments = [root] + fields
    for count in stride(from: min(segments.count, names.segmentsMax), to: 0, by: -1) {
      let name = segments[..<count].joined(separator: ".")
      guard let meaning = names.meaning(of: name, absolute: absolute) else { continue }
      let node = count == 1 ? current : chain[count - 2]
      references[Int(node.index)] = meaning.reference
      let type = isPresence(node) ? .bool : meaning.type
      types[Int(node.index)] = type
      return selectFields(chain[(count - 1)...], of: type)
    }
    let start = expression[current].span.lowerBound
    let end = chain.last.map { fieldSpan($0).upperBound } ?? expression[current].span.upperBound
    reportUnknown(segments, span: start..<max(start, end))
    for node in chain + [current] { types[Int(node.index)] = .error }
    return .error
  }

  func isPresence(_ id: NodeID) -> Bool {
    if case .select(_, _, presence: true) = expression[id].kind { true } else { false }
  }

  /// The type after selecting the fields of `chain`, innermost first.
  private mutating func selectFields(_ chain: ArraySlice<NodeID>, of type: CELType) -> CELType {
    var type = type
    for id in chain {
      guard case .select(let operand, let field, let presence) = expression[id].kind else { continue }
      type = selectField(id, field, of: type, operand)
      if presence { type = .bool }
      types[Int(id.index)] = type
    }
    return type
  }

  mutating func selectField(_ id: NodeID, _ field: String, of type: CELType, _ operand: NodeID)
    -> CELType
  {
    if type.isOpen { return type }
    if case .optional(let inner) = type { return .optional(selectField(id, field, of: inner, operand)) }
    if case .map(let key, let value) = type, CELType.string.agrees(with: key) { return value }
    let owner = text(operand)
    findings.add(
      .noSuchField, fieldSpan(id),
      "`\(owner)` is `\(type.displayName)` and has no field `\(field.shortened)`",
      hint: fieldHint(owner, field, type))
    return .error
  }

  private func fieldHint(_ owner: String, _ field: String, _ type: CELType) -> String? {
    if functions[field].contains(where: { $0.isMethod && $0.parameters.first?.agrees(with: type) == true }) {
      return "write `\(owner).\(field)()`"
    }
    if let near = DidYouMean.nearest(to: "\(owner).\(field)", among: names.names(under: owner)) {
      return "did you mean `\(near)`?"
    }
    return Self.sizeWords.contains(field) ? "write `size(\(owner))`" : nil
  }

  /// Where the field's own name stands in a select node.
  private func fieldSpan(_ id: NodeID) -> Range<Int> {
    guard case .select(let operand, let field, _) = expression[id].kind else { return expression[id].span }
    return nameSpan(field, after: expression[operand].span.upperBound, in: expression[id].span)
  }

  mutating func reportUnknown(_ segments: [String], span: Range<Int>) {
    guard findings.hasRoom else { return }
    let name = segments.joined(separator: ".")
    if names.isBeginning(name) {
      findings.add(
        .incompleteName, span, "`\(name)` is the beginning of a name, not a value",
        hint: Self.listing("the names are", names.names(under: name)))
      return
    }
    findings.add(.unknownName, span, "unknown name `\(name.shortened)`", hint: unknownNameHint(segments))
  }

  private func unknownNameHint(_ segments: [String]) -> String? {
    if let suggestion = names.suggestion(
      for: segments, locals: localNames)
    {
      return "did you mean `\(suggestion)`?"
    }
    for count in stride(from: min(segments.count - 1, names.segmentsMax), to: 0, by: -1) {
      let beginning = segments[..<count].joined(separator: ".")
      if names.isBeginning(beginning) {
        return Self.listing("the names under `\(beginning)` are", names.names(under: beginning))
      }
    }
    if segments.count == 1, !functions[segments[0]].isEmpty { return "`\(segments[0])` is a function" }
    if segments.count == 1, segments[0].utf8.count > 1, segments[0] == segments[0].uppercased() {
      return "a text is written in quotation marks: `\"\(segments[0].shortened)\"`"
    }
    // Names of the same kind first: those with dots are mostly fields.
    let hasDots = segments.count > 1
    let near = names.declared.filter { $0.contains(".") == hasDots }
    let all = near + names.declared.filter { $0.contains(".") != hasDots }
    return all.isEmpty ? nil : Self.listing("the names are", all)
  }

  private var localNames: [String] {
    locals.filter { !$0.value.isEmpty && $0.key != Macro.accumulator }.map(\.key)
  }

  /// `intro` and the names, of more than twelve the first eight.
  static func listing(_ intro: String, _ names: [String]) -> String {
    let count = names.count > 12 ? 8 : names.count
    let shown = names.prefix(count).map { "`\($0.shortened)`" }
    if count < names.count {
      return "\(intro) \(shown.joined(separator: ", ")) and \(names.count - count) more"
    }
    guard let last = shown.last, count > 1 else { return "\(intro) \(shown.first ?? "none")" }
    return "\(intro) \(shown.dropLast().joined(separator: ", ")) and \(last)"
  }

  /// What other languages call `size`.
  static let sizeWords: Set<String> = ["length", "len", "count"]
}
