import CAssayInterface
import Foundation
import RedisTestSupport
import TestSupport
import Testing

/// The library as hosts get it: a file, a header, and programs that know nothing of Swift.
@Suite(.enabled(if: Library.canBeMade && Library.has("cc")))
struct LibraryTests {
  static let functions = [
    "assay_abi_version", "assay_create", "assay_decide", "assay_destroy", "assay_free", "assay_reload",
    "assay_ruleset", "assay_version",
  ]

  private func library() throws -> String { try #require(Library.prefix) + "/lib/libassay.so.1" }

  @Test func itExportsItsFunctionsAndNothingElse() throws {
    let symbols = try Library.run("nm -D --defined-only '\(library())'").split(separator: "\n").map {
      String($0.split(separator: " ").last ?? "")
    }
    #expect(
      symbols.filter { $0.contains("@@") }.map { $0.components(separatedBy: "@@")[0] }.sorted()
        == Self.functions)
    #expect(symbols.allSatisfy { $0.hasPrefix("assay_") || $0 == "ASSAY_\(ASSAY_ABI_VERSION)" }, "\(symbols)")
    let dynamic = try Library.run("readelf -d '\(library())'")
    #expect(
      dynamic.contains("[libassay.so.\(ASSAY_ABI_VERSION)]") && dynamic.contains("NODELETE"), "\(dynamic)")
  }

  @Test func itNeedsNoSwift() throws {
    let needed = try Library.run("readelf -d '\(library())' | grep NEEDED")
    #expect(!needed.lowercased().contains("swift") && !needed.contains("Foundation"), "\(needed)")
    #expect(!needed.contains("dispatch"), "\(needed)")
  }

  @Test(arguments: ["c++ -x c++ -std=c++17", "cc -x c -std=c99", "cc -x c -std=c2x"])
  func theHeaderStandsAlone(compiler: String) throws {
    let header = try #require(Library.prefix) + "/include/assay.h"
    try Library.run("\(compiler) -fsyntax-only -Wall -Wextra -Wpedantic -Werror '\(header)'")
  }

  @Test func versionsAgree() throws {
    #expect(assay_abi_version() == UInt32(ASSAY_ABI_VERSION))
    let version = String(cString: assay_version())
    #expect(
      try Library.run("ls '\(library()).'* ; readlink '\(library())'").contains("libassay.so.\(version)"))
    // The same as the program of the same build.
    let pages = SharedData.projectRoot.appending(path: "Sources/Sidecar/HTTP/Pages.swift")
    #expect(try String(contentsOf: pages, encoding: .utf8).contains("text = \"\(version)\""))
  }

  /// Signals, threads and descriptors of the host are after every step what they were before.
  @Test func aHostIsLeftAlone() throws {
    let host = try Library.compile(
      "Tests/CAssayTests/Programs/host.c", options: "-std=gnu11 -Wall -Wextra -Werror")
    let said = try Library.run("'\(host)' '\(library())' Rules/rewards")
    #expect(said.split(separator: "\n").count > 8 && !said.contains("NOT OK"), "\(said)")
  }

  @Test(.enabled(if: RedisServer.isInstalled)) func aHostWithRedisIsLeftAlone() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let id = try #require(server.processID)
    let host = try Library.compile(
      "Tests/CAssayTests/Programs/host.c", options: "-std=gnu11 -Wall -Wextra -Werror")
    let said = try Library.run("'\(host)' '\(library())' Rules/rewards 'unix://\(server.path)' \(id)")
    #expect(said.contains("decisions without the server: ok") && !said.contains("NOT OK"), "\(said)")
  }

  /// Memory is read and written only where there is some, and given back. What valgrind takes for lost are tables of Swift,
  /// whose addresses have marks in spare bits: no more of it for many events than for few. What it is told to
  /// leave out is said in `Programs/runtime.supp`.
  @Test(.enabled(if: Library.has("valgrind")))
  func valgrindFindsNothing() throws {
    #expect(try lostBytes(events: 300) == lostBytes(events: 10))
  }

  private func lostBytes(events: Int) throws -> Int {
    let decide = try Library.compile("Clients/c/decide.c")
    let said = try Library.run(
      "zcat Fixtures/rewards/events.ndjson.gz | head -\(events) | valgrind --leak-check=full "
        + "--errors-for-leak-kinds=none --suppressions=Tests/CAssayTests/Programs/runtime.supp "
        + "--error-exitcode=9 '\(decide)' Rules/rewards")
    let lost = try #require(said.firstMatch(of: /definitely lost: ([0-9,]+) bytes/)).1
    return try #require(Int(lost.replacing(",", with: "")))
  }

  @Test func manyEngines() throws {
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    let many = try Library.compile(
      "Tests/CAssayTests/Programs/many.c", options: "-std=gnu11 -Wall -Wextra -Werror")
    #expect(try Library.run("'\(many)' '\(folder.url.path)'").hasSuffix("0 failures\n"))
  }

  /// Each child of a busy process can have an engine, and none waits for a lock that was left behind.
  @Test func childrenOfABusyProcess() throws {
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    let forks = try Library.compile(
      "Tests/CAssayTests/Programs/forks.c", options: "-std=gnu11 -Wall -Wextra -Werror")
    #expect(try Library.run("'\(forks)' '\(folder.url.path)'").hasSuffix("0 failures\n"))
  }

  @Test(.enabled(if: RedisServer.isInstalled)) func aChildOfALongCallIsTold() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let id = try #require(server.processID)
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    let forks = try Library.compile(
      "Tests/CAssayTests/Programs/forks.c", options: "-std=gnu11 -Wall -Wextra -Werror")
    let said = try Library.run("'\(forks)' '\(folder.url.path)' 'unix://\(server.path)' \(id)")
    #expect(said.contains("5 after ") && said.hasSuffix("0 failures\n"), "\(said)")
  }

  /// What a fuzzer began with, and what it found that goes another way through the code.
  @Test func theCorpusOfTheFuzzerPasses() throws {
    let source = "Tests/CAssayTests/Programs/fuzz.c"
    let replay = try Library.compile(source, options: "-DASSAY_REPLAY -std=gnu11 -Wall -Wextra -Werror")
    let found = try #require(Library.prefix) + "/found"
    let said = try Library.run(
      "mkdir -p '\(found)' && tar -xzf Fixtures/fuzz/found.tar.gz -C '\(found)' && "
        + "'\(replay)' Fixtures/fuzz/seeds/* '\(found)'/*")
    let count = try #require(said.firstMatch(of: /([0-9]+) inputs/)).1
    #expect((Int(count) ?? 0) > 100, "\(said)")
  }

  @Test func theExampleInCTellsWhatIsWrong() throws {
    let decide = try Library.compile("Clients/c/decide.c")
    let broken = try Library.run("'\(decide)' /nowhere </dev/null; echo \"ended with $?\"")
    #expect(broken.contains(#"{"code":"rules-broken""#) && broken.contains("ended with 2"), "\(broken)")
    let refused = try Library.run("echo '{}' | '\(decide)' Rules/rewards; echo \"ended with $?\"")
    #expect(refused.contains(#"{"code":"missing-field""#) && refused.contains("ended with 1"), "\(refused)")
  }

  @Test(.enabled(if: Library.has("python3"))) func theExampleInPython() throws {
    let script = """
      import sys, threading
      sys.path.insert(0, "Clients/python")
      from assay import Engine, EventRefused, AssayError, VERSION
      event = {"id": "p1", "type": "payout.requested", "time": "2026-01-05T12:00:00Z", "user": {"id": "é"}}
      with Engine("Rules/rewards", all_features=True) as engine:
          first = engine.decide(event)
          assert first["event"] == "p1" and not first["repeated"], first
          assert engine.decide(event)["repeated"]
          try:
              engine.decide({**event, "user": {"id": 7}})
          except EventRefused as error:
              assert error.code == "wrong-type" and error.problem["field"] == "user.id", error.problem
          found = []
          def decide(user):
              for number in range(200):
                  one = {**event, "id": f"{user}-{number}", "user": {"id": f"u{user}"}}
                  found.append(engine.decide(one)["features"]["payouts_24h"] == number + 1)
          threads = [threading.Thread(target=decide, args=(user,)) for user in range(8)]
          for thread in threads: thread.start()
          for thread in threads: thread.join()
          assert len(found) == 1600 and all(found), found
          assert engine.reload()["name"] == "rewards"
      try:
          engine.decide(event)
      except AssayError as error:
          assert error.code == "no-engine", error.problem
      try:
          Engine("/nowhere")
      except AssayError as error:
          assert error.problem["findings"][0]["code"] == "folder-missing", error.problem
      print("fine", VERSION)
      """
    let file = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString).py")
    try Data(script.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let said = try Library.run(
      "PYTHONDONTWRITEBYTECODE=1 python3 '\(file.path)'", environment: ["ASSAY_LIBRARY": library()])
    #expect(said.hasPrefix("fine 0."), "\(said)")
  }
}
