internal import OrderedJSON

/// Where a callback says whose it is.
struct UserSource: Sendable, Hashable {
  /// The parameter that has the user's id; nil where the callback's address has no place for it, so that whoever adds one
  /// by that name is not heard.
  var parameter: String?
  /// The parameter is a JSON object, and the id is this member of it.
  var member: String?
  /// Who it is where the callback does not say.
  var absent: String?

  /// The user's id; nil where nobody says, and nobody stands in.
  func read(_ query: Query) throws(IngestRefusal) -> String? {
    guard let parameter, let text = query.text(parameter) else { return absent }
    guard let member else { return text }
    guard let json = try? JSONValue(parsing: text) else {
      throw .badValue(parameter, "a JSON object with the member `\(member)`")
    }
    switch json[member] {
    case .string(let id)? where !id.isEmpty: return id
    case .number(let id)? where WholeNumber.read(id) != nil: return id
    case nil: return absent
    default: throw .badValue(parameter, "a JSON object with the user's id as its member `\(member)`")
    }
  }
}
