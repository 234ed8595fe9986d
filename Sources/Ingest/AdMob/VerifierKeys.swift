package import Crypto
internal import Foundation
internal import OrderedJSON

/// The public keys of Google's `verifier-keys.json`, by id.
package enum VerifierKeys {
  /// By key id.
  package typealias Keys = [UInt64: P256.Signing.PublicKey]

  /// Why a file has no keys; lower case, no final period.
  package struct Failure: Error, Hashable {
    package let message: String

    package init(message: String) { self.message = message }
  }

  /// Reads `{"keys": [{"keyId": 3335741209, "pem": "…", "base64": "…"}]}`; one of `pem` and `base64` is enough.
  package static func read(_ bytes: [UInt8]) throws(Failure) -> Keys {
    guard bytes.count <= IngestLimits.keyFileBytesMax else {
      throw Failure(message: "more than \(IngestLimits.keyFileBytesMax) bytes")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(message: "no UTF-8") }
    let json: JSONValue
    do throws(JSONParseError) {
      json = try JSONValue(parsing: text)
    } catch {
      throw Failure(message: error.description)
    }
    guard let entries = json["keys"]?.array, !entries.isEmpty else {
      throw Failure(message: "there is no list `keys` with a key in it")
    }
    guard entries.count <= IngestLimits.keysMax else {
      throw Failure(message: "more than \(IngestLimits.keysMax) keys")
    }
    var keys: Keys = [:]
    for (index, entry) in entries.enumerated() {
      let id = try id(of: entry, index)
      let key = try key(of: entry, index)
      if let known = keys[id], known.rawRepresentation != key.rawRepresentation {
        throw Failure(message: "two keys with the id \(id)")
      }
      keys[id] = key
    }
    return keys
  }

  private static func id(of entry: JSONValue, _ index: Int) throws(Failure) -> UInt64 {
    guard case .number(let digits)? = entry["keyId"], let id = UInt64(digits) else {
      throw Failure(message: "`keys[\(index)].keyId` must be a whole number")
    }
    return id
  }

  private static func key(of entry: JSONValue, _ index: Int) throws(Failure) -> P256.Signing.PublicKey {
    let pem = entry["pem"]?.text.flatMap { try? P256.Signing.PublicKey(pemRepresentation: $0) }
    let der = entry["base64"]?.text.flatMap { Data(base64Encoded: $0) }
      .flatMap { try? P256.Signing.PublicKey(derRepresentation: $0) }
    let isBroken = entry["pem"] != nil && pem == nil || entry["base64"] != nil && der == nil
    guard let key = pem ?? der, !isBroken else {
      throw Failure(message: "`keys[\(index)]` has no key on the curve P-256 in `pem` or `base64`")
    }
    if let pem, let der, pem.rawRepresentation != der.rawRepresentation {
      throw Failure(message: "`keys[\(index)]` has two different keys in `pem` and `base64`")
    }
    return key
  }
}
