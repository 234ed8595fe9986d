internal import OrderedJSON

/// An object of a message in JSON, read member by member.
///
/// Nothing that it says of a mistake has any of the message's text: gift cards' claim codes come this way.
struct JSONMessage {
  let value: JSONValue
  /// Dotted, from the top of the message; empty there.
  let path: String

  /// Reads the whole of a message, which is one object.
  init(_ bytes: [UInt8]) throws(IngestRefusal) {
    guard bytes.count <= IngestLimits.jsonBytesMax else {
      throw .tooLarge(bytes: bytes.count, max: IngestLimits.jsonBytesMax)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw IngestRefusal(.notJSON, nil, "the message is no UTF-8")
    }
    do throws(JSONParseError) {
      value = try JSONValue(parsing: text)
    } catch {
      let what = error.isDuplicate ? "a key stands twice in one object" : "the message is not JSON"
      throw IngestRefusal(
        .notJSON, nil, "\(what): byte \(error.offset)", hint: "hand the vendor's text over as it came")
    }
    path = ""
    guard case .object = value else { throw IngestRefusal(.notJSON, nil, "the message is no JSON object") }
  }

  private init(_ value: JSONValue, _ path: String) { (self.value, self.path) = (value, path) }

  /// The dotted name of a member.
  func name(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

  /// What a member says; null is the same as nothing.
  func member(_ key: String) -> JSONValue? {
    guard let found = value[key], found != .null else { return nil }
    return found
  }

  func object(_ key: String) throws(IngestRefusal) -> JSONMessage? {
    guard let found = member(key) else { return nil }
    guard case .object = found else { throw wrong(key, "an object") }
    return JSONMessage(found, name(key))
  }

  func requiredObject(_ key: String) throws(IngestRefusal) -> JSONMessage {
    guard let object = try object(key) else { throw missing(key) }
    return object
  }

  /// The elements of a list of objects, each judged by itself.
  func objects(_ key: String) throws(IngestRefusal) -> [Result<JSONMessage, IngestRefusal>]? {
    guard let found = member(key) else { return nil }
    guard let elements = found.array else { throw wrong(key, "a list") }
    guard elements.count <= IngestLimits.itemsMax else {
      throw IngestRefusal(
        .tooLarge, name(key), "`\(name(key))` has more than \(IngestLimits.itemsMax) elements",
        hint: "ask PayPal for the batch page by page (`page`, `page_size`), and hand over each")
    }
    return elements.enumerated().map { index, element in
      guard case .object = element else { return .failure(wrong("\(key)[\(index)]", "an object")) }
      return .success(JSONMessage(element, name("\(key)[\(index)]")))
    }
  }

  /// Text that is not empty; nil where there is none.
  func text(_ key: String) throws(IngestRefusal) -> String? {
    guard let found = member(key) else { return nil }
    guard let text = found.text else { throw wrong(key, "text") }
    guard text.utf8.count <= IngestLimits.textBytesMax else {
      throw IngestRefusal(
        .tooLarge, name(key), "`\(name(key))` has more than \(IngestLimits.textBytesMax) bytes")
    }
    return text.isEmpty ? nil : text
  }

  func requiredText(_ key: String) throws(IngestRefusal) -> String {
    guard let text = try text(key) else { throw missing(key) }
    return text
  }

  func bool(_ key: String) throws(IngestRefusal) -> Bool? {
    guard let found = member(key) else { return nil }
    guard let bool = found.bool else { throw wrong(key, "true or false") }
    return bool
  }

  /// One of the words that the interface has.
  func word(_ key: String, among words: [String]) throws(IngestRefusal) -> String? {
    guard let text = try text(key) else { return nil }
    guard words.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
      throw IngestRefusal(
        .unknownValue, name(key), "`\(name(key))` is none of \(words.joined(separator: ", "))",
        hint: "the interface had no other when this was written")
    }
    return text
  }

  /// The digits of a number, or of text with a number.
  func digits(_ key: String) throws(IngestRefusal) -> String? {
    switch member(key) {
    case nil: return nil
    case .number(let digits)?: return digits
    case .string(let digits)?: return digits
    default: throw wrong(key, "a number")
    }
  }

  func missing(_ key: String) -> IngestRefusal {
    IngestRefusal(.missingParameter, name(key), "there is no `\(name(key))`")
  }

  func wrong(_ key: String, _ noun: String) -> IngestRefusal {
    IngestRefusal(.wrongType, name(key), "`\(name(key))` must be \(noun)")
  }
}
