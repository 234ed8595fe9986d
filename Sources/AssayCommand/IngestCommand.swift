import ArgumentParser
import Assay
import CEL
import Ingest
import Workbench

/// `assay ingest SOURCE [MESSAGES…]`
struct IngestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Turns what vendors send into events: verified, under ids of their own, a line each.",
    discussion: """
      admob-ssv, applovin-max and levelplay take queries or addresses with one, the others JSON. Of these the member \
      `event` has what the vendor does not know; play-integrity and device-check alone give the fields for an event, or \
      with --event that event with them. A line may begin with its own arrival and a blank: \
      2026-05-01T10:00:00Z user=u1&… What proves nothing becomes no event: \
      the cause is on standard error, and the exit code is 1. Secrets come from the environment or from files that \
      the configuration names, never from arguments.
      """)

  private static let sources = IngestSource.allCases.map(\.rawValue)

  @Argument(help: "Who sends: \(sources.joined(separator: ", ")).", completion: .list(sources))
  var source: String

  @Argument(help: "Files with a message a line, plain or gzip; - is standard input.", completion: .file())
  var messages: [String] = ["-"]

  @Option(help: "A JSON file with the keys and the publisher's names for each source.", completion: .file())
  var config: String?

  @Option(
    help: "When the messages came that do not say so themselves, as 2026-05-01T10:00:00Z; otherwise now.")
  var at: String?

  @Option(
    help: """
      A JSON object: what every event has besides, such as {"user":{"id":"u1"}}. For play-integrity and device-check the \
      event itself, such as {"id":"p1","type":"payout.requested","user":{"id":"u1"}}; its time is --at if it has none.
      """)
  var event: String?

  @Flag(name: .shortAndLong, help: "No summary.")
  var quiet = false

  func validate() throws {
    if let at, Timestamp(rfc3339: at) == nil {
      throw ValidationError("`--at` must be a moment such as 2026-05-01T10:00:00Z")
    }
    if messages.filter({ $0 == "-" }).count > 1 { throw ValidationError("standard input can be read once") }
  }

  func run() throws {
    let source = try known()
    let ingestion = try ingestion(source)
    do throws(IngestRefusal) {
      try ingestion.expectConfigured(source)
    } catch {
      throw Stop(.input, "`--config`: \(error.message)", hint: error.hint)
    }
    var run = IngestRun(
      ingestion, source: source, base: try base(), arrival: at.flatMap { Timestamp(rfc3339: $0) })
    var output = BufferedOutput(.output)
    do {
      for path in messages { try run.run(path, to: &output, note: Terminal.note) }
    } catch let error as InputError {
      try output.flush()
      throw Stop(.input, error.description, hint: error.hint(wanting: "messages"))
    }
    if !quiet || run.summary.isEmpty { Terminal.note(run.summary.text) }
    if run.summary.refusals > 0 { throw Stop(.findings) }
  }

  private func known() throws(Stop) -> IngestSource {
    if let known = IngestSource(rawValue: source) { return known }
    throw Stop(
      .input, "there is no source `\(VisibleLine.of(source))`", hint: IngestSource.hint(for: source))
  }

  private func base() throws(Stop) -> JSONValue? {
    guard let event else { return nil }
    if let json = try? JSONValue(parsing: event), case .object = json { return json }
    throw Stop(.input, "`--event` is no JSON object", hint: #"such as {"user":{"id":"u1"}}"#)
  }

  private func ingestion(_ source: IngestSource) throws(Stop) -> Ingestion {
    guard let config else {
      if source.isJSON { return Ingestion(IngestConfiguration()) }
      throw Stop(
        .input, "`\(source.rawValue)` needs `--config`",
        hint: "a JSON file with its keys: the documentation of `assay ingest` has an example")
    }
    do throws(IngestConfigurationError) {
      return Ingestion(try IngestConfiguration(file: config, only: source))
    } catch {
      throw Stop(.input, "`--config`: \(error.message)", hint: error.hint)
    }
  }
}
