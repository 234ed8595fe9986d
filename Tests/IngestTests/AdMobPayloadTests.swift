import CEL
import Crypto
import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

/// Where others' payloads are, if they are there.
enum Payloads {
  static let adMob = SharedData.url("data/payloads/admob_ssv_real_signed_callbacks.json")
}

/// Callbacks that AdMob has really signed, as others have published them.
@Suite(.enabled(if: Payloads.adMob != nil, "the payloads are not here"))
struct AdMobPayloadTests {
  /// Behind all of them.
  private static let arrival = Timestamp(rfc3339: "2026-11-20T00:00:00Z")

  private let queries: [String]
  private let ingestion: Ingestion

  init() throws {
    let file = try #require(Payloads.adMob)
    let json = try JSONValue(parsing: String(decoding: try Data(contentsOf: file), as: UTF8.self))
    queries = try #require(json["cases"]?.array).compactMap { $0["query"]?.text }
    let pem = try #require(json["pem"]?.text)
    guard case .number(let id)? = json["key_id"] else { throw CocoaError(.fileReadCorruptFile) }
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-ingest-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let keys = Callbacks.keyFile([(try #require(Int(id)), try P256.Signing.PublicKey(pemRepresentation: pem))]
    )
    try Data(keys.utf8).write(to: folder.appending(path: "keys.json"))
    ingestion = Ingestion(
      try IngestConfiguration(
        parsing: #"{"admob-ssv": {"keys": "keys.json", "user": {"absent": "nobody"}}}"#, folder: folder.path,
        environment: [:]))
  }

  private func event(_ query: String) throws(IngestRefusal) -> IngestedEvent? {
    try ingestion.events(from: query.utf8, source: .adMob, arrival: Self.arrival).first
  }

  @Test func allGenuineCallbacksVerify() throws {
    #expect(queries.count == 7)
    for query in queries {
      let event = try #require(try event(query))
      #expect(event.type == "reward.granted")
      #expect(event.value["ad"]?["signed"] == .bool(true))
    }
  }

  /// Each byte of each genuine query replaced, left out, or the query cut there: nothing else than the genuine event.
  @Test func noChangeOfAByteIsAccepted() throws {
    var accepted = 0
    for query in queries {
      let genuine = try #require(try event(query))
      let bytes = Array(query.utf8)
      for index in bytes.indices {
        var (flipped, split, shorter) = (bytes, bytes, bytes)
        flipped[index] ^= 1
        split[index] = UInt8(ascii: "&")
        shorter.remove(at: index)
        for changed in [flipped, split, shorter, Array(bytes[..<index])] where changed != bytes {
          guard let found = try? event(String(decoding: changed, as: UTF8.self)) else { continue }
          accepted += 1
          #expect(found == genuine)
        }
      }
    }
    // An encoded blank may become a plus, and the case of hexadecimal digits does not count.
    #expect(accepted < 20)
  }
}
