/// The parameters of a query, decoded, in order, no name twice.
///
/// Names and values are compared as bytes: texts that are the same to a reader may be different to a signature.
struct Query {
  struct Parameter {
    let name: [UInt8]
    let value: [UInt8]
    /// Where it stands in the query, undecoded.
    let place: Range<Int>
  }

  /// As it came.
  let raw: [UInt8]
  let parameters: [Parameter]

  /// Reads `raw`, which is a query without its question mark.
  init(_ raw: [UInt8]) throws(IngestRefusal) {
    guard raw.count <= IngestLimits.queryBytesMax else {
      throw .tooLarge(bytes: raw.count, max: IngestLimits.queryBytesMax)
    }
    guard !raw.isEmpty else { throw IngestRefusal(.malformedQuery, nil, "the query is empty") }
    try FormEncoding.expectQueryBytes(raw)
    var parameters: [Parameter] = []
    var names: Set<[UInt8]> = []
    for part in raw.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
      guard parameters.count < IngestLimits.parametersMax else {
        throw IngestRefusal(
          .tooManyParameters, nil, "more than \(IngestLimits.parametersMax) parameters")
      }
      let parameter = try Self.parameter(part)
      guard names.insert(parameter.name).inserted else {
        let name = Excerpt.of(parameter.name)
        throw IngestRefusal(
          .duplicateParameter, name, "`\(name)` stands in the query twice",
          hint: "nobody can tell which of them was meant")
      }
      parameters.append(parameter)
    }
    (self.raw, self.parameters) = (raw, parameters)
  }

  private static func parameter(_ part: ArraySlice<UInt8>) throws(IngestRefusal) -> Parameter {
    guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
      throw IngestRefusal(
        .malformedQuery, nil, "byte \(part.startIndex): a parameter without `=`",
        hint: "a query is NAME=VALUE&NAME=VALUE")
    }
    let name = try FormEncoding.decode(part[..<equals])
    let value = try FormEncoding.decode(part[(equals + 1)...])
    guard !name.isEmpty else {
      throw IngestRefusal(.malformedQuery, nil, "byte \(part.startIndex): a parameter without a name")
    }
    guard String(validating: name, as: UTF8.self) != nil, String(validating: value, as: UTF8.self) != nil
    else {
      throw IngestRefusal(.badEncoding, nil, "byte \(part.startIndex): a parameter that is no UTF-8")
    }
    return Parameter(name: name, value: value, place: part.startIndex..<part.endIndex)
  }

  /// The value of a parameter; nil where there is none of that name.
  func bytes(_ name: String) -> [UInt8]? {
    let name = Array(name.utf8)
    return parameters.first { $0.name == name }?.value
  }

  /// The value as text; nil where there is no such parameter or where it is empty.
  func text(_ name: String) -> String? {
    guard let value = bytes(name), !value.isEmpty else { return nil }
    return String(decoding: value, as: UTF8.self)
  }

  /// The value as text, of a parameter that has to be there and to say something.
  func requiredText(_ name: String) throws(IngestRefusal) -> String {
    guard bytes(name) != nil else { throw .missing(name) }
    guard let text = text(name) else {
      throw IngestRefusal(.missingParameter, name, "`\(name)` is empty")
    }
    return text
  }
}

/// What a message shows of a name that was sent.
enum Excerpt {
  private static let charactersMax = 40

  /// On one line, without control characters, not too long.
  static func of(_ bytes: [UInt8]) -> String { of(String(decoding: bytes, as: UTF8.self)) }

  static func of(_ text: String) -> String {
    let visible = text.unicodeScalars.prefix(charactersMax * 4).map { scalar -> Character in
      let isPlain =
        scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
      return isPlain && scalar != "`" ? Character(scalar) : "\u{FFFD}"
    }
    return visible.count > charactersMax ? String(visible.prefix(charactersMax - 1)) + "…" : String(visible)
  }
}
