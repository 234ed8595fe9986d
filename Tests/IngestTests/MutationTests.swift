import Foundation
import Ingest
import TestSupport
import Testing

/// Whatever is done to a genuine callback: it is refused, or it is the genuine event.
@Suite struct MutationTests {
  let callbacks: Callbacks
  init() throws { callbacks = try Callbacks() }

  private func genuine(_ source: IngestSource) throws -> String {
    switch source {
    case .adMob: try callbacks.adMob()
    case .appLovin: Callbacks.appLovin().replacing("https://example.com/reward?", with: "")
    default: Callbacks.levelPlay(more: "")
    }
  }

  /// The event, if there is one; its time is that of the tests' arrival.
  private func event(_ bytes: some Sequence<UInt8>, _ source: IngestSource) -> IngestedEvent? {
    (try? callbacks.ingestion.events(from: bytes, source: source, arrival: Callbacks.arrival))?.first
  }

  @Test(arguments: [IngestSource.adMob, .appLovin, .levelPlay])
  func eachParameterMissingEmptyTwiceEnormousAndOfAnotherType(_ source: IngestSource) throws {
    let query = try genuine(source)
    let event = try #require(self.event(query.utf8, source))
    let parts = query.split(separator: "&").map(String.init)
    let values = [
      "", "0", "-1", "1e9", "true", "null", "%5B1%5D", "%7B%7D", "%00", "%F0%9F%92%B0",
      "99999999999999999999", "1777629599",
      "%26", "%3D", "%26a%3D1", String(repeating: "9", count: 1_048_576),
      String(repeating: "x", count: 12_000),
    ]
    for index in parts.indices {
      let name = parts[index].prefix { $0 != "=" }
      var variants = values.map { [parts[..<index], ["\(name)=\($0)"], parts[(index + 1)...]].joined() }
      variants.append([parts[..<index], parts[(index + 1)...]].joined())
      variants.append([parts[...index], [parts[index]], parts[(index + 1)...]].joined())
      variants.append([parts[...index], ["\(name)=7"], parts[(index + 1)...]].joined())
      variants.append([parts[..<index], [String(name)], parts[(index + 1)...]].joined())
      variants.append([[parts[index]], parts[..<index], parts[(index + 1)...]].joined())
      for variant in variants {
        let found = self.event(variant.joined(separator: "&").utf8, source)
        #expect(found == nil || found == event, "\(name)")
      }
    }
  }

  /// Seeded: bytes flipped, cut out, put in, pieces exchanged and repeated, several at once.
  @Test(arguments: [IngestSource.adMob, .appLovin, .levelPlay])
  func nothingElseIsEverAccepted(_ source: IngestSource) throws {
    let seed = UInt64.random(in: 0...999_999)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let query = Array(try genuine(source).utf8)
    let event = try #require(self.event(query, source))
    let pieces = [
      "&", "=", "%26", "%3D", "+", "%20", "%", "&&", "#", "?", "signature=", "&key_id=7", "\u{0}", "-1",
    ].map {
      Array($0.utf8)
    }
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = query
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        guard let place = bytes.indices.randomElement(using: &generator) else { break }
        let end = min(place + Int.random(in: 1...12, using: &generator), bytes.count)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
        case 4:
          bytes.insert(
            contentsOf: bytes[place..<end], at: bytes.indices.randomElement(using: &generator) ?? place)
        default: bytes.removeLast(min(Int.random(in: 0...80, using: &generator), bytes.count - 1))
        }
      }
      guard let found = self.event(bytes, source) else { continue }
      accepted += 1
      #expect(found == event, "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
    }
    print("\(source.rawValue): \(accepted) of 20,000 are the genuine event in other words")
  }
}
