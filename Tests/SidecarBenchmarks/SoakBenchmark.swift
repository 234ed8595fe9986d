import CSocketLoad
import Foundation
import Glibc
import RedisTestSupport
import SocketLoad
import TestSupport

/// Half of the peak for a long time, to a sidecar as users run it: its memory and its descriptors stay what they are.
enum SoakBenchmark {
  /// What a line through the samples may rise from end to end, beside their mean.
  private static let growthMax = 0.05
  /// So many events fill the windows' memory.
  private static let warmUp = 2_000_000
  /// Fewer tell nothing.
  private static let samplesMin = 5
  private static let round = 400_000
  /// Requests under way on each of the 16 connections: fewer in all than the sidecar takes before it sheds, so that a
  /// machine that stalls for a moment slows the load instead of ending it.
  private static let window = 200

  private struct Sample {
    let seconds: Double
    let memory: Double
    let descriptors: Double
  }

  /// Takes `ASSAY_SOAK` seconds, 1,800 where it is not said. Each round is as many new events for the same customers.
  static func run() async throws {
    let seconds = ProcessInfo.processInfo.environment["ASSAY_SOAK"].flatMap(Double.init) ?? 1_800
    let sidecar = try await Served()
    defer { sidecar.stop() }
    print("soak: \(text(seconds, 0)) s")
    print(["second", "answered", "a second", "MiB", "descriptors"].map { column($0, 12) }.joined())
    let start = ContinuousClock.now
    var samples: [Sample] = []
    var offset = 0
    var answered = 0
    var rate = 0.0
    while ContinuousClock.now - start < .seconds(seconds) {
      let result = try await load(sidecar.path, from: offset, rate: rate)
      offset += round
      answered += Int(result.answered)
      let pace = Double(result.answered) / result.wall_seconds
      if rate == 0 { rate = pace / 2 }
      let sample = Sample(
        seconds: (ContinuousClock.now - start) / .seconds(1), memory: sidecar.residentMebibytes,
        descriptors: sidecar.descriptorCount)
      let cells = [
        text(sample.seconds, 0), "\(result.answered)", text(pace, 0), text(sample.memory),
        text(sample.descriptors, 0),
      ]
      print(cells.map { column($0, 12) }.joined())
      guard result.good == result.answered, result.answered == result.sent, sample.memory > 0 else {
        throw LoadError.broken("\(result.sent) events, \(result.answered) answers, \(result.good) decisions")
      }
      if answered > warmUp { samples.append(sample) }
    }
    try judge(samples)
  }

  private static func load(_ path: String, from offset: Int, rate: Double) async throws -> socket_load_result
  {
    try await onLoadCore {
      try Requests(events(offset), framing: SOCKET_HTTP)
        .run(path, connections: 16, window: rate > 0 ? window : 4, rate: rate, seconds: 60).result
    }
  }

  private static func judge(_ samples: [Sample]) throws {
    guard samples.count >= samplesMin else {
      return print(
        "soak: too short to tell: \(samples.count) rounds with full windows, \(samplesMin) are needed")
    }
    for (name, path) in [("memory", \Sample.memory), ("descriptors", \.descriptors)] {
      let growth = rise(samples, path)
      print(
        "soak: \(name) from end to end \(text(growth * 100, 2)) % of the mean, at most \(text(growthMax * 100, 0)) %, "
          + "over \(samples.count) rounds with full windows")
      guard growth <= growthMax else { throw LoadError.broken("\(name) grow") }
    }
  }

  /// What the line of the least squares rises from the first sample to the last, as a part of the mean.
  private static func rise(_ samples: [Sample], _ value: KeyPath<Sample, Double>) -> Double {
    let count = Double(samples.count)
    let middle = samples.map(\.seconds).reduce(0, +) / count
    let mean = samples.map { $0[keyPath: value] }.reduce(0, +) / count
    let spread = samples.map { ($0.seconds - middle) * ($0.seconds - middle) }.reduce(0, +)
    let common = samples.map { ($0.seconds - middle) * ($0[keyPath: value] - mean) }.reduce(0, +)
    let span = (samples.last?.seconds ?? 0) - (samples.first?.seconds ?? 0)
    return common / spread * span / mean
  }

  /// Twenty seconds apart, from 1970 on, so that the longest windows reach over 160,000 events, which the memory holds:
  /// what leaves them leaves the memory, nothing is evicted, and half an hour of load does not reach the present.
  private static func events(_ offset: Int) -> [[UInt8]] {
    (offset..<offset + round).map { number in
      Array(
        """
        {"transaction_id":\(number),"ts_ms":\(number * 20_000),"customer_id":"\(number % 5_000)",\
        "terminal_id":"\(number % 10_000)","amount":\(number % 200).25,"fraud":0}
        """.utf8)
    }
  }
}

/// `assay serve` in a process of its own, on the processor that is not the load's.
private final class Served {
  let path: String
  private let process: ChildProcess

  init() async throws {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(filePath: own).deletingLastPathComponent().appending(path: "assay").path
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw LoadError.broken("there is no `\(program)`: build it with `make build`")
    }
    path = FileManager.default.temporaryDirectory.appending(path: "soak-\(UUID().uuidString.prefix(8))").path
    process = try ChildProcess.start(
      [program, "serve", LoadBench.folder, "--socket", path, "--memory", "256", "--log-level", "warning"],
      folder: "/")
    for _ in 0..<1_000 {
      let socket = socket_open(path)
      if socket >= 0 {
        close(socket)
        return
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw LoadError.broken("`assay serve` does not listen")
  }

  func stop() {
    kill(process.id, SIGTERM)
    process.wait()
  }

  var residentMebibytes: Double {
    let text = (try? String(contentsOfFile: "/proc/\(process.id)/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    return pages * Double(getpagesize()) / Double(1 << 20)
  }

  var descriptorCount: Double {
    Double(((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.id)/fd")) ?? []).count)
  }
}
