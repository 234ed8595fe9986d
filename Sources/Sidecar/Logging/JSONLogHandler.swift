internal import Assay
internal import CEL
internal import Glibc
package import Logging
internal import Synchronization

/// Writes log events as JSON, one a line: `time`, `level`, `message`, `source`, then the metadata.
package struct JSONLogHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  private let label: String
  private let write: @Sendable ([UInt8]) -> Void

  /// A handler for a logger called `label`. `write` gets whole lines; standard error by default.
  package init(
    label: String, level: Logger.Level = .info,
    write: @escaping @Sendable ([UInt8]) -> Void = JSONLogHandler.toStandardError
  ) {
    (self.label, logLevel, self.write) = (label, level, write)
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
    if let given = event.metadata { all.merge(given) { _, new in new } }
    var line: [UInt8] = []
    line.append(json: "{\"time\":")
    line.append(jsonString: Self.now())
    line.append(json: ",\"level\":")
    line.append(jsonString: event.level.rawValue)
    line.append(json: ",\"logger\":")
    line.append(jsonString: label)
    line.append(json: ",\"message\":")
    line.append(jsonString: event.message.description)
    for (key, value) in all.sorted(by: { $0.key < $1.key }) {
      line.append(UInt8(ascii: ","))
      line.append(jsonString: key)
      line.append(UInt8(ascii: ":"))
      Self.append(value, to: &line)
    }
    line.append(json: "}\n")
    write(line)
  }

  private static func append(_ value: Logger.Metadata.Value, to line: inout [UInt8]) {
    switch value {
    case .string(let text): line.append(jsonString: text)
    case .stringConvertible(let value): line.append(jsonString: value.description)
    case .array(let values):
      line.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { line.append(UInt8(ascii: ",")) }
        append(value, to: &line)
      }
      line.append(UInt8(ascii: "]"))
    case .dictionary(let values):
      line.append(UInt8(ascii: "{"))
      for (index, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { line.append(UInt8(ascii: ",")) }
        line.append(jsonString: key)
        line.append(UInt8(ascii: ":"))
        append(value, to: &line)
      }
      line.append(UInt8(ascii: "}"))
    }
  }

  /// The wall clock in UTC, to the millisecond.
  private static func now() -> String {
    guard case .live(let milliseconds) = EngineOptions.Clock.system else { return "" }
    return Timestamp(milliseconds: milliseconds())?.rfc3339() ?? ""
  }

  /// A whole line in one write, so that lines of several threads do not mix.
  package static let toStandardError: @Sendable ([UInt8]) -> Void = { line in
    var rest = line[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }
}
