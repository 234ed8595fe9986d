internal import CEL

/// A list as the other phases use it.
struct CompiledList {
  let name: Located<String>
  let elementType: CELType
  let items: [Value]
}

/// Reads the items of named lists, inline or from files.
struct ListCompiler {
  private let findings: Findings

  init(_ findings: Findings) { self.findings = findings }

  /// The list with its file, if it has one; its type is `error` when it was wrong.
  func compile(_ declaration: ListDeclaration, _ folder: inout FolderReader) -> (CompiledList, RuleSetFile?) {
    var file: RuleSetFile?
    var items: (type: CELType, values: [Value])?
    switch declaration.source {
    case nil: break
    case .items(let nodes, let type): items = inline(nodes, type, declaration)
    case .file(let path, let type):
      file = folder.listFile(path)
      items = file.map { (type.celType, lines($0, type)) }
    }
    let list = CompiledList(
      name: declaration.name, elementType: items?.type ?? .error, items: items?.values ?? [])
    return (list, file)
  }

  /// Items that stand where the list is declared, and their type.
  func inline(
    _ nodes: [SourceNode], _ declared: ListDeclaration.ItemType?, _ declaration: ListDeclaration
  ) -> (CELType, [Value])? {
    guard nodes.count <= RuleSetLimits.listItemsMax else {
      reportTooMany(at: declaration.name.place)
      return nil
    }
    var type = declared?.celType
    var values: [Value] = []
    for node in nodes {
      guard let (value, valueType) = declared == .cidr ? range(node) : scalar(node) else { continue }
      if let type, type != valueType {
        findings.error(
          .listItem, at: node.place,
          "\(node.description) in a list of \(plural(of: type))",
          hint: type == .string
            ? "put it in quotes: `\"\(node.node.scalar?.text ?? "")\"`" : "the items of a list have one type")
        continue
      }
      type = type ?? valueType
      values.append(value)
    }
    warnOfRepeats(zip(values.map(key), nodes.map(\.place)))
    return (type ?? .string, values)
  }

  private func scalar(_ node: SourceNode) -> (Value, CELType)? {
    switch node.node.scalar?.resolved {
    case .string(let text)?: return (.string(text), .string)
    case .int(let number)?: return (.int(number), .int)
    case .double(let number)?: return (.double(number), .double)
    case .null?, .bool?, .outOfRange?, nil:
      findings.error(.listItem, at: node.place, "expected a text or a number, found \(node.description)")
      return nil
    }
  }

  private func range(_ node: SourceNode) -> (Value, CELType)? {
    guard case .string(let text)? = node.node.scalar?.resolved, let range = Self.range(text) else {
      let found = node.node.scalar.map { "`\(SourceNode.shortened($0.text))`" } ?? node.description
      findings.error(
        .listItem, at: node.place, "expected a range of addresses, found \(found)", hint: Self.rangeHint)
      return nil
    }
    return (.cidr(range), .cidr)
  }

  private static let rangeHint = "write `192.0.2.0/24`, `2001:db8::/32` or an address alone"

  /// A range, or an address that stands for itself.
  private static func range(_ text: String) -> CIDRRange? {
    CIDRRange(text, acceptsMapped: true)
      ?? IPAddress(text, acceptsMapped: true).flatMap {
        CIDRRange(address: $0, prefixLength: $0.family == 4 ? 32 : 128)
      }
  }

  private func plural(of type: CELType) -> String {
    switch type {
    case .int: "integers"
    case .double: "numbers"
    default: "texts"
    }
  }

  /// One value a line, blanks around it dropped; empty lines and those that begin with `#` are none.
  private func lines(_ file: RuleSetFile, _ type: ListDeclaration.ItemType) -> [Value] {
    var values: [Value] = []
    var places: [Diagnostic.Place] = []
    var start = 0
    if file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    let bytes = file.bytes[start...]
    do {
      _ = try UTF8Span(validating: file.bytes.span)
      if let zero = bytes.firstIndex(of: 0) { throw NotText(place: zero..<zero + 1) }
    } catch {
      let place = (error as? UTF8.ValidationError)?.byteOffsets ?? (error as? NotText)?.place
      findings.error(
        .fileNotText, at: Diagnostic.Place(file: file.path, span: place), "the file is not text in UTF-8",
        hint: "save it as UTF-8, one value a line")
      return []
    }
    while start < file.bytes.count {
      let line = file.bytes[start...].prefix { $0 != 0x0A && $0 != 0x0D }
      start = line.endIndex + 1
      guard let item = trimmed(line), let first = item.first, first != UInt8(ascii: "#") else { continue }
      let place = Diagnostic.Place(file: file.path, span: item.startIndex..<item.endIndex)
      guard let value = value(item, type, place) else { continue }
      guard values.count < RuleSetLimits.listItemsMax else {
        reportTooMany(at: place)
        break
      }
      values.append(value)
      places.append(place)
    }
    warnOfRepeats(zip(values.map(key), places))
    return values
  }

  private struct NotText: Error { let place: Range<Int> }

  private func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    var rest = line.drop(while: isBlank)
    // A comment may also stand behind a value.
    var index = rest.startIndex
    while index < rest.endIndex {
      if rest[index] == UInt8(ascii: "#"), index == rest.startIndex || isBlank(rest[index - 1]) {
        rest = rest[..<index]
        break
      }
      index += 1
    }
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest.isEmpty ? nil : rest
  }

  private func value(
    _ item: ArraySlice<UInt8>, _ type: ListDeclaration.ItemType, _ place: Diagnostic.Place
  ) -> Value? {
    guard item.count <= RuleSetLimits.listItemBytesMax else {
      findings.error(
        .textTooLong, at: place,
        "\(item.count) bytes in one line, at most \(RuleSetLimits.listItemBytesMax.grouped) are allowed")
      return nil
    }
    let text = String(decoding: item, as: UTF8.self)
    switch type {
    case .string: return .string(text)
    case .int: if let number = Int64(text) { return .int(number) }
    case .double: if let number = Double(text), number.isFinite { return .double(number) }
    case .cidr: if let range = Self.range(text) { return .cidr(range) }
    }
    findings.error(
      .listItem, at: place, "expected \(type.itemName), found `\(SourceNode.shortened(text))`",
      hint: type == .cidr ? Self.rangeHint : nil)
    return nil
  }

  private func key(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .cidr(let range): range.text
    default: ""
    }
  }

  private func warnOfRepeats(_ items: some Sequence<(String, Diagnostic.Place)>) {
    var seen: [ExactText: Diagnostic.Place] = [:]
    for (key, place) in items {
      guard let first = seen.updateValue(place, forKey: ExactText(text: key)) else { continue }
      findings.warning(
        .listDuplicate, at: place, "`\(SourceNode.shortened(key))` stands twice in the list",
        notes: [Diagnostic.Note("also here", at: first)])
    }
  }

  /// A text that equals those of the same bytes only, as `in` compares: a letter with an accent and the letter followed
  /// by the accent are two values.
  private struct ExactText: Hashable {
    let text: String

    static func == (left: ExactText, right: ExactText) -> Bool {
      left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
      var text = text
      text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }

  private func reportTooMany(at place: Diagnostic.Place) {
    findings.error(
      .tooMany, at: place, "more than \(RuleSetLimits.listItemsMax.grouped) items in one list")
  }
}

extension ListDeclaration.ItemType {
  var celType: CELType {
    switch self {
    case .string: .string
    case .int: .int
    case .double: .double
    case .cidr: .cidr
    }
  }

  /// One item, as messages name it.
  fileprivate var itemName: String {
    switch self {
    case .string: "a text"
    case .int: "an integer"
    case .double: "a number"
    case .cidr: "a range of addresses"
    }
  }
}
