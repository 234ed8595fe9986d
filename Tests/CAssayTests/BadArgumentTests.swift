import CAssay
import CAssayInterface
import Foundation
import TestSupport
import Testing

/// Whatever a caller passes, it gets a status and a sentence.
@Suite struct BadArgumentTests {
  static let event =
    #"{"id":"p1","type":"payout.requested","time":"2026-01-05T12:00:00Z","user":{"id":"u1"}}"#

  /// Nothing that needs a hashing key.
  static let schema =
    "event: {id: id, type: type, time: time}\ntypes: [payout]\nfields: {user: {type: string}}\n"

  /// What `assay_create` says of these options.
  private func create(
    _ folder: String? = CEngine.rewards, _ change: (inout assay_options) -> Void = { _ in }
  ) -> CAnswer {
    var options = assay_options()
    options.size = MemoryLayout<assay_options>.size
    change(&options)
    var engine: OpaquePointer? = OpaquePointer(bitPattern: 1)
    let answer = CAnswer { assay_create(folder, &options, &engine, $0, $1) }
    #expect((engine == nil) == (answer.status != ASSAY_OK))
    if engine != nil { #expect(assay_destroy(engine) == ASSAY_OK) }
    return answer
  }

  @Test func anEngineTellsItsRules() throws {
    let engine = try CEngine()
    #expect(engine.created.status == ASSAY_OK && engine.created == engine.ruleset())
    let told = try #require(engine.created.text)
    #expect(told.hasPrefix(#"{"name":"rewards","version":"sha256:"#), "\(told)")
    #expect(told.contains(#"{"id":"no-device-integrity","status":""#), "\(told)")
    #expect(try JSONSerialization.jsonObject(with: Data(told.utf8)) is [String: Any])
  }

  @Test func nothingIsNoEngine() throws {
    for bits in [0, 1, 0x10000, 0xFFFF_0000, .max, UInt.max << 48 | 0x10000] {
      let handle = OpaquePointer(bitPattern: bits)
      // An engine of another test may have this handle now.
      if assay_ruleset(handle, nil, nil) == ASSAY_OK { continue }
      let answer = CAnswer { assay_decide(handle, Self.event, Self.event.utf8.count, $0, $1) }
      #expect(answer.status == ASSAY_NO_ENGINE && answer.isProblem("no-engine"), "\(answer)")
      #expect(assay_reload(handle, nil, nil) == ASSAY_NO_ENGINE)
      #expect(assay_destroy(handle) == ASSAY_NO_ENGINE)
    }
  }

  @Test func aDestroyedEngineIsNone() throws {
    let engine = try CEngine()
    #expect(engine.decide(Self.event).status == ASSAY_OK)
    #expect(assay_destroy(engine.handle) == ASSAY_OK)
    // Others that come to the same place do not answer for it.
    let next = try (0..<3).map { _ in try CEngine() }
    #expect(engine.decide(Self.event).status == ASSAY_NO_ENGINE)
    #expect(engine.reload().status == ASSAY_NO_ENGINE)
    #expect(assay_destroy(engine.handle) == ASSAY_NO_ENGINE)
    for engine in next { #expect(engine.decide(Self.event).status == ASSAY_OK) }
  }

  @Test func nullPointers() throws {
    let engine = try CEngine()
    #expect(assay_create(nil, nil, nil, nil, nil) == ASSAY_BAD_ARGUMENT)
    #expect(assay_create(CEngine.rewards, nil, nil, nil, nil) == ASSAY_BAD_ARGUMENT)
    #expect(create(nil).isProblem("bad-argument"))
    // A decision nobody sees is not made.
    #expect(assay_decide(engine.handle, Self.event, Self.event.utf8.count, nil, nil) == ASSAY_BAD_ARGUMENT)
    #expect(engine.decide(Self.event).text?.contains(#""repeated":false"#) == true)
    #expect(CAnswer { assay_decide(engine.handle, nil, 5, $0, $1) }.status == ASSAY_BAD_ARGUMENT)
    #expect(CAnswer { assay_decide(engine.handle, nil, 0, $0, $1) }.status == ASSAY_REFUSED)
    #expect(assay_reload(engine.handle, nil, nil) == ASSAY_OK)
    #expect(assay_ruleset(engine.handle, nil, nil) == ASSAY_OK)
    var withoutLength: UnsafeMutablePointer<CChar>?
    #expect(assay_ruleset(engine.handle, &withoutLength, nil) == ASSAY_OK)
    #expect(withoutLength.map { String(cString: $0) } == engine.ruleset().text)
    assay_free(withoutLength)
    assay_free(nil)
  }

  @Test func lengthsThatNoEventHas() throws {
    let engine = try CEngine()
    for length in [1_048_577, .max, .min, -1] {
      let answer = CAnswer { assay_decide(engine.handle, Self.event, length, $0, $1) }
      #expect(answer.status == ASSAY_REFUSED && answer.isProblem("too-large"), "\(answer)")
    }
    let blanks = engine.decide(String(repeating: " ", count: 1_048_576))
    #expect(blanks.status == ASSAY_REFUSED, "\(blanks)")
  }

  @Test func whatIsNoEvent() throws {
    let engine = try CEngine()
    let cases: [(event: [UInt8], code: String)] = [
      ([], "not-json"), (Array("{".utf8), "not-json"), ([0xFF, 0xFE], "not-utf8"), ([0], "not-json"),
      (Array(Self.event.replacing("payout.requested", with: "none").utf8), "unknown-type"),
      (Array(#"{"id":"x","type":"payout.requested","time":"2026-01-05T12:00:00Z"}"#.utf8), "missing-field"),
    ]
    for (event, code) in cases {
      let bytes = event.map { CChar(bitPattern: $0) }
      let answer = CAnswer { assay_decide(engine.handle, bytes, bytes.count, $0, $1) }
      #expect(answer.status == ASSAY_REFUSED && answer.isProblem(code), "\(answer)")
    }
    #expect(engine.decide(Self.event).status == ASSAY_OK)
    let other = Self.event.replacing("u1", with: "u2")
    #expect(engine.decide(other).isProblem("conflict"))
  }

  @Test func everyPrefixOfAnEvent() throws {
    let engine = try CEngine()
    for count in 0..<Self.event.utf8.count {
      #expect(engine.decide(String(Self.event.prefix(count))).status == ASSAY_REFUSED)
    }
  }

  @Test func optionsThatCannotBeUsed() throws {
    let key = [CChar](repeating: 7, count: 40)
    let cases: [((inout assay_options) -> Void, String)] = [
      ({ $0.size = 0 }, "size"), ({ $0.size = 8 }, "size"), ({ $0.size = .max }, "size"),
      ({ $0.flags = 1 << 20 }, "flags"), ({ $0.redis_timeout_ms = 60_001 }, "redis_timeout_ms"),
      ({ $0.hashing_key_length = 20 }, "hashing_key"), ({ $0.hashing_key_length = -1 }, "hashing_key"),
    ]
    for (change, name) in cases {
      let answer = create(CEngine.rewards, change)
      #expect(answer.isProblem("bad-argument") && answer.text?.contains("`\(name)`") == true, "\(answer)")
    }
    key.withUnsafeBytes { key in
      for length in [15, 65_537, .max, .min] {
        let answer = create {
          $0.hashing_key = key.baseAddress
          $0.hashing_key_length = length
        }
        #expect(answer.text?.contains("`hashing_key_length`") == true, "\(answer)")
      }
    }
    let files = TwoRules.files(score: 10).merging(["schema.yaml": Self.schema]) { $1 }
    let folder = try RuleSetFolder(files)
    defer { withExtendedLifetime(folder) {} }
    for (url, part) in [
      ("", "redis_url"), ("http://a", "redis_url"), ("redis://a?x=1", "x"), ("\u{1}", "redis_url"),
    ] {
      let answer = url.withCString { url in create(folder.url.path) { $0.redis_url = url } }
      #expect(answer.isProblem("bad-argument") && answer.text?.contains("`\(part)`") == true, "\(answer)")
    }
    let unkeyed = "redis://127.0.0.1:1".withCString { url in create { $0.redis_url = url } }
    #expect(unkeyed.text?.contains("`hashing_key`") == true, "\(unkeyed)")
    let namespace = "a".withCString { name in create { $0.redis_namespace = name } }
    #expect(namespace.text?.contains("`redis_namespace` needs") == true, "\(namespace)")
  }

  /// As a program would pass them that was compiled for a newer library.
  @Test func optionsOfANewerProgram() throws {
    struct Newer {
      var options = assay_options()
      var more: UInt64 = 0
    }
    var newer = Newer()
    newer.options.size = MemoryLayout<Newer>.size
    func status() -> assay_status {
      withUnsafePointer(to: &newer) { pointer in
        pointer.withMemoryRebound(to: assay_options.self, capacity: 1) { options in
          var engine: OpaquePointer?
          defer { assay_destroy(engine) }
          return assay_create(CEngine.rewards, options, &engine, nil, nil)
        }
      }
    }
    #expect(status() == ASSAY_OK)
    newer.more = 1
    #expect(status() == ASSAY_BAD_ARGUMENT)
  }

  @Test func textsThatAreNotUTF8() throws {
    let text: [CChar] = [-1, -2, 0]
    var engine: OpaquePointer?
    let answer = CAnswer { assay_create(text, nil, &engine, $0, $1) }
    #expect(answer.isProblem("bad-argument") && answer.text?.contains("UTF-8") == true, "\(answer)")
    text.withUnsafeBufferPointer { text in
      let answer = create { $0.redis_url = text.baseAddress }
      #expect(answer.isProblem("bad-argument"), "\(answer)")
    }
  }

  @Test func foldersThatAreNone() throws {
    for folder in ["", "/nowhere", "/dev/null", String(repeating: "x/", count: 20_000)] {
      let answer = create(folder)
      #expect(answer.status == ASSAY_BROKEN_RULES && answer.isProblem("rules-broken"), "\(answer)")
    }
  }
}
