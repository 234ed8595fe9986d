internal import Assay
internal import RuleSets

/// The path of an entity's page: `/v1/entities/user.id/u42`, `/v1/entities/user.id,device.id/u42,d1`.
struct EntityPath {
  /// What all of them begin with.
  static let prefix = "/v1/entities/"

  /// The names of the key's fields, behind commas.
  let type: String
  /// The key as it was written, still encoded.
  private let key: Substring

  /// Reads a request's path; nil where it is none of an entity.
  init?(_ path: Substring) throws(Problem) {
    guard path.hasPrefix(Self.prefix) else { return nil }
    let parts = path.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    type = try Self.decoded(parts[0])
    key = parts[1]
  }

  /// The entity of `rules` that is meant.
  ///
  /// Where the key has one field the commas in it are its own; where it has several, one that is written `%2C` is.
  func address(_ rules: RuleSet) throws(Problem) -> EntityAddress {
    let count = type.utf8.count { $0 == UInt8(ascii: ",") } + 1
    let parts = count == 1 ? [key] : key.split(separator: ",", omittingEmptySubsequences: false)
    var values: [String] = []
    for part in parts { values.append(try Self.decoded(part)) }
    do {
      return try EntityAddress(name: type, values: values, rules: rules)
    } catch {
      throw Problem(
        error.isOfKey ? 422 : 404, error.isOfKey ? "entity-key" : "unknown-entity", error.message,
        hint: error.hint)
    }
  }

  /// The text that a part of a path stands for (RFC 3986, 2.1). A plus stands for itself.
  private static func decoded(_ text: Substring) throws(Problem) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else {
        throw Problem(400, "bad-path", "a `%` in the path is not followed by two hexadecimal digits")
      }
      bytes.append(high << 4 | low)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem(400, "bad-path", "the path is not UTF-8", hint: "encode the bytes of UTF-8 as `%XX`")
    }
    return text
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit; nil for anything else.
  fileprivate var hexDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
