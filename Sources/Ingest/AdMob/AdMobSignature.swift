internal import Crypto
internal import Foundation

/// The end of an AdMob callback: `…&signature=…&key_id=…`.
struct AdMobSignature {
  let keyID: UInt64
  /// What was signed: the decoded text of everything before.
  let signed: [UInt8]
  private let signature: P256.Signing.ECDSASignature

  private static let parameters = ["signature", "key_id"]

  /// Finds the end; both parameters stand once, last, in this order, and their names are not encoded.
  init(_ query: Query) throws(IngestRefusal) {
    for name in Self.parameters where query.bytes(name) == nil {
      if name == "signature" {
        throw IngestRefusal(
          .unsigned, name, "there is no `signature`", hint: "AdMob signs every callback: this is none of its")
      }
      throw .missing(name)
    }
    let tail = query.parameters.suffix(2)
    let names = tail.map { query.raw[$0.place].prefix { $0 != UInt8(ascii: "=") } }
    guard query.parameters.count > 2, zip(names, Self.parameters).allSatisfy({ $0.elementsEqual($1.utf8) }),
      let first = tail.first
    else {
      throw IngestRefusal(
        .parameterOrder, "signature", "the query does not end with `signature` and `key_id`",
        hint: "hand the query over in the order in which it came, with nothing added")
    }
    signed = try FormEncoding.decode(query.raw[..<(first.place.lowerBound - 1)])
    keyID = try Self.keyID(try query.requiredText("key_id"))
    signature = try Self.signature(try query.requiredText("signature"))
  }

  private static func keyID(_ text: String) throws(IngestRefusal) -> UInt64 {
    guard let number = UInt64(text), String(number) == text else {
      throw .badValue("key_id", "the whole number of a key")
    }
    return number
  }

  /// Base64 for URLs, with its padding or without, of the strict DER form of two numbers: no other text stands for the
  /// same signature.
  private static func signature(_ text: String) throws(IngestRefusal) -> P256.Signing.ECDSASignature {
    let digits = Array(text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }.reversed())
    let padding = text.utf8.count - digits.count
    let standard = digits.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      // What only the other alphabet has.
      case UInt8(ascii: "+"), UInt8(ascii: "/"): UInt8(ascii: "!")
      default: byte
      }
    }
    let needed = (4 - digits.count % 4) % 4
    let padded = Data(standard + [UInt8](repeating: UInt8(ascii: "="), count: needed))
    guard needed < 3, padding == 0 || padding == needed, let der = Data(base64Encoded: padded),
      der.base64EncodedData() == padded
    else { throw malformed("base64 for URLs") }
    guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: der),
      signature.derRepresentation == der
    else { throw malformed("a signature of ECDSA over P-256 in DER") }
    return signature
  }

  private static func malformed(_ expected: String) -> IngestRefusal {
    IngestRefusal(
      .malformedSignature, "signature", "`signature` is not \(expected)",
      hint: "see that nothing cut the query off or decoded it")
  }

  /// Sees that the holder of the key has signed.
  func verify(with keys: KeyRing) throws(IngestRefusal) {
    let found = keys.key(keyID)
    guard let key = found.key else {
      throw IngestRefusal(
        .unknownKey, "key_id", "no key has the id \(keyID)",
        hint: found.problem.map { "the file of verifier keys was not read again: \($0)" }
          ?? "fetch Google's verifier keys again: they change now and then")
    }
    guard key.isValidSignature(signature, for: Data(signed)) else {
      throw IngestRefusal(
        .wrongSignature, "signature", "the signature is not one of this query by the key \(keyID)",
        hint: "something in the query was changed, or AdMob did not send it")
    }
  }
}
