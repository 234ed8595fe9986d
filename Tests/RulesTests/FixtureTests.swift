import Foundation
import TestSupport
import Testing
import Workbench

/// The streams under `Fixtures/rewards` are what the generator makes of the documented seed.
///
/// `ASSAY_RECORD=1` writes them anew.
@Suite struct FixtureTests {
  static let stream = RewardStream(seed: 20_260_302, players: 45, days: 24)
  static let folder = SharedData.projectRoot.appending(path: "Fixtures/rewards")
  static let isRecording = ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1"

  @Test func theEventsAreThoseOfTheSeed() throws {
    try compare(Self.stream.lines, with: Self.folder.appending(path: "events.ndjson.gz"))
  }

  @Test func theLabelsAreThoseOfTheSeed() throws {
    try compare(Self.stream.labels, with: Self.folder.appending(path: "labels.ndjson"))
  }

  @Test func aSeedGivesTheSameStreamTwice() {
    let again = RewardStream(seed: 20_260_302, players: 45, days: 24)
    #expect(again.lines == Self.stream.lines)
    #expect(again.labels == Self.stream.labels)
    let other = RewardStream(seed: 7, players: 45, days: 24)
    #expect(other.lines != Self.stream.lines)
  }

  @Test func everyKindOfFraudIsLabelled() {
    for fraud in RewardStream.frauds {
      #expect(Self.stream.labels.contains { $0.hasSuffix("\"fraud\":\"\(fraud)\"}") }, "no \(fraud)")
    }
  }

  @Test func theStreamHasRetriesAndLateEvents() throws {
    var ids: Set<Substring> = []
    var retries = 0
    var overtaken = 0
    var newest = ""
    for line in Self.stream.lines {
      let id = try #require(line.firstMatch(of: #/"id":"([^"]+)"/#)?.1)
      let time = try #require(line.firstMatch(of: #/"time":"([^"]+)"/#)?.1)
      if !ids.insert(id).inserted { retries += 1 }
      // Seconds suffice, and their texts stand in order of time.
      if time.prefix(19) < newest { overtaken += 1 } else { newest = String(time.prefix(19)) }
    }
    #expect(retries > 50)
    #expect(overtaken > 50)
  }

  private func compare(_ lines: [String], with file: URL) throws {
    let text = lines.joined(separator: "\n") + "\n"
    if Self.isRecording { try record(text, in: file) }
    let stored = try String(decoding: bytes(of: file), as: UTF8.self)
    #expect(
      stored == text, "\(file.lastPathComponent) is not what the seed gives; ASSAY_RECORD=1 writes it anew")
  }

  private func bytes(of file: URL) throws -> [UInt8] {
    var reader = try GzipReader(opening: file.path)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = try reader.read(into: &buffer, from: 0)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// Compressed by `gzip`, without name and time, where the name says so.
  private func record(_ text: String, in file: URL) throws {
    let plain = file.pathExtension == "gz" ? file.deletingPathExtension() : file
    try text.write(to: plain, atomically: true, encoding: .utf8)
    guard file.pathExtension == "gz" else { return }
    let gzip = Process()
    gzip.executableURL = URL(filePath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-9nf", plain.path]
    try gzip.run()
    gzip.waitUntilExit()
    #expect(gzip.terminationStatus == 0)
  }
}
