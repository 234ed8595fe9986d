import Crypto
import Foundation
import Ingest
import Synchronization
import TestSupport
import Testing

@Suite struct KeyRingTests {
  /// A file that a test writes, and a clock that it turns.
  private final class Bench: Sendable {
    private let state = Mutex((text: "", version: 0, readings: 0, seconds: 0))

    var readings: Int { state.withLock { $0.readings } }
    func write(_ text: String) { state.withLock { ($0.text, $0.version) = (text, $0.version + 1) } }
    func writeUnseen(_ text: String) { state.withLock { $0.text = text } }
    func wait(seconds: Int) { state.withLock { $0.seconds += seconds } }

    var source: KeyRing.Source {
      KeyRing.Source(
        stamp: { .init(modified: nil, size: nil, number: self.state.withLock { $0.version }) },
        read: { () throws(VerifierKeys.Failure) in
          let text = self.state.withLock { state in
            state.readings += 1
            return state.text
          }
          if text.isEmpty { throw VerifierKeys.Failure(message: "is not there") }
          return Array(text.utf8)
        },
        now: { .seconds(self.state.withLock { $0.seconds }) })
    }
  }

  private let first = P256.Signing.PrivateKey().publicKey
  private let second = P256.Signing.PrivateKey().publicKey

  @Test func aChangedFileIsReadAgain() throws {
    let bench = Bench()
    bench.write(Callbacks.keyFile([(1, first)]))
    let ring = try KeyRing(bench.source)
    #expect(ring.key(1).key?.rawRepresentation == first.rawRepresentation)
    bench.write(Callbacks.keyFile([(1, first), (2, second)]))
    // Within the same second nobody looks.
    #expect(ring.key(1).key != nil)
    #expect(bench.readings == 1)
    bench.wait(seconds: 1)
    #expect(ring.key(2).key?.rawRepresentation == second.rawRepresentation)
    #expect(ring.key(1).key != nil, "the old key is in the file yet")
    bench.write(Callbacks.keyFile([(2, second)]))
    bench.wait(seconds: 1)
    #expect(ring.key(1).key == nil, "and now it is not")
  }

  @Test func unknownKeysCauseFewReadings() throws {
    let bench = Bench()
    bench.write(Callbacks.keyFile([(1, first)]))
    let ring = try KeyRing(bench.source)
    for id in 100..<1_100 { #expect(ring.key(UInt64(id)).key == nil) }
    #expect(bench.readings == 2)
    // A file whose change does not show: the next reading for the sake of an unknown key finds it.
    bench.writeUnseen(Callbacks.keyFile([(1, first), (2, second)]))
    #expect(ring.key(2).key == nil)
    bench.wait(seconds: 10)
    #expect(ring.key(2).key != nil)
    #expect(bench.readings == 3)
  }

  @Test func aBrokenFileTakesNoKeysAway() throws {
    let bench = Bench()
    bench.write(Callbacks.keyFile([(1, first)]))
    let ring = try KeyRing(bench.source)
    for (text, problem) in [
      ("", "is not there"), ("{}", "there is no list `keys` with a key in it"),
      (#"{"keys":[]}"#, "there is no list `keys` with a key in it"),
      (#"{"keys":[{"keyId":"1"}]}"#, "`keys[0].keyId` must be a whole number"),
      (
        #"{"keys":[{"keyId":1,"pem":"nonsense"}]}"#,
        "`keys[0]` has no key on the curve P-256 in `pem` or `base64`"
      ),
      (
        #"{"keys":[{"keyId":1,"base64":"\#(second.derRepresentation.base64EncodedString())","pem":"x"}]}"#,
        "`keys[0]` has no key on the curve P-256 in `pem` or `base64`"
      ),
      (Callbacks.keyFile([(1, first), (1, second)]), "two keys with the id 1"),
    ] {
      bench.write(text)
      bench.wait(seconds: 20)
      #expect(ring.key(1).key?.rawRepresentation == first.rawRepresentation)
      #expect(ring.key(9).problem == problem)
    }
    bench.write(Callbacks.keyFile([(1, second)]))
    bench.wait(seconds: 20)
    #expect(ring.key(1).key?.rawRepresentation == second.rawRepresentation)
    #expect(ring.key(9).problem == nil)
  }

  @Test func aFileOnDisk() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "assay-keys-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: path) }
    #expect(throws: VerifierKeys.Failure.self) { try KeyRing(KeyRing.Source(path: path.path)) }
    try Data(Callbacks.keyFile([(1, first)]).utf8).write(to: path)
    let ring = try KeyRing(KeyRing.Source(path: path.path))
    #expect(ring.key(1).key != nil)
    try Data(repeating: 0x20, count: 300_000).write(to: path)
    #expect(ring.key(2).problem?.contains("more than") == true)
  }
}
