import Foundation
import RewardsSimulator
import TestSupport
import Testing
import Workbench

/// The stream under `Fixtures/rewards` is what the simulator makes of the documented plan.
///
/// `ASSAY_RECORD=1` writes it anew.
@Suite struct FixtureTests {
  /// Small, so that it can lie beside the sources: as little fraud of each kind as there is, for days and not weeks.
  static let plan: Plan = {
    var plan = Plan(seed: 28, players: 14, days: 15, strength: 0, operations: 1)
    plan.operationDays = 3
    return plan
  }()
  static let folder = SharedData.projectRoot.appending(path: "Fixtures/rewards")
  static let isRecording = ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1"
  /// The file of events, compressed.
  private static let bytesMax = 400 << 10

  @Test func eventsAndLabelsAreThoseOfTheSeed() throws {
    let stream = RecordedStream(Self.plan)
    try compare(stream.lines, with: Self.folder.appending(path: "events.ndjson.gz"))
    try compare(stream.labels, with: Self.folder.appending(path: "labels.ndjson"))
    let size = try Data(contentsOf: Self.folder.appending(path: "events.ndjson.gz")).count
    #expect(size <= Self.bytesMax)
  }

  @Test func everyKindOfFraudIsLabelled() {
    let labels = RecordedStream(Self.plan).labels
    for fraud in FraudKind.allCases {
      #expect(labels.contains { $0.hasSuffix("\"fraud\":\"\(fraud.rawValue)\"}") }, "no \(fraud)")
    }
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
