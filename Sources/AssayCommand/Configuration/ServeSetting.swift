import Logging

/// One thing that can be set about `assay serve`: by a flag, by a variable of the environment, or in a file.
struct ServeSetting {
  /// What a value must be.
  enum Kind: Equatable {
    case text
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case flag
    case integers
    case choice([String])
  }

  /// Dotted where the file nests; words are joined by hyphens.
  let key: String
  let kind: Kind
  /// What holds where nobody says anything, as it would be written; nil for nothing.
  var standard: String?
  /// There is an option of the command too.
  var hasFlag = true

  /// The option.
  var flag: String? { hasFlag ? "--" + key : nil }
  /// The variable.
  var variable: String { "ASSAY_" + variableEnd }
  /// The variable without the prefix that all of them have.
  var variableEnd: String { String(key.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }) }
  /// The parts between the dots.
  var components: [String] { key.split(separator: ".").map(String.init) }

  init(_ key: String, _ kind: Kind, _ standard: String? = nil) {
    (self.key, self.kind, self.standard) = (key, kind, standard)
  }

  /// A bound, which has no option: `limits.` and its name.
  private static func limit(_ name: String, _ range: ClosedRange<Int>, _ standard: Int) -> ServeSetting {
    var setting = ServeSetting("limits." + name, .integer(range), "\(standard)")
    setting.hasFlag = false
    return setting
  }

  private static let hour = 3_600_000

  /// All of them, in the order in which they are shown.
  static let all: [ServeSetting] = [
    ServeSetting("socket", .text), ServeSetting("socket-mode", .text, "600"),
    ServeSetting("socket-group", .text), ServeSetting("allow-user", .integers),
    ServeSetting("listen", .text), ServeSetting("public", .flag, "false"),
    ServeSetting("loops", .integer(1...64), "1"), ServeSetting("memory", .integer(1...1_048_576), "1024"),
    ServeSetting("log-level", .choice(Logger.Level.allCases.map(\.rawValue)), "info"),
    ServeSetting("redis", .text), ServeSetting("redis-password-file", .text),
    ServeSetting("namespace", .text), ServeSetting("redis-timeout", .integer(1...60_000)),
    ServeSetting("hashing-key-file", .text), ServeSetting("trace-endpoint", .text),
    ServeSetting("trace-sample", .number(0...1), "1.0"), ServeSetting("ingest-config", .text),
    limit("connections-max", 1...1_000_000, 16_384), limit("in-flight-max", 1...1_000_000, 4_096),
    limit("in-flight-per-connection-max", 1...100_000, 256), limit("pipelined-max", 1...10_000, 64),
    limit("header-bytes-max", 256...1_048_576, 16_384), limit("header-ms", 1...hour, 5_000),
    limit("body-ms", 1...hour, 10_000), limit("idle-ms", 1...24 * hour, 300_000),
    limit("drain-ms", 0...hour, 5_000),
  ]
}
