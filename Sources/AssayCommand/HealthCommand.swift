import ArgumentParser
import Sidecar

/// `assay health --socket PATH`
struct HealthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health",
    abstract: "Asks a sidecar at its Unix socket how it is.",
    discussion: """
      For health checks where there is no curl. Exit codes: 0 it is well, 1 it says that it is not, 3 it does not answer.
      """)

  @Option(help: "The Unix socket that the sidecar listens at.", completion: .file())
  var socket: String

  @Flag(help: "Ask whether decisions can be made, with all that they need, and not only whether it answers.")
  var ready = false

  @Option(help: "How long the answer may take; milliseconds.")
  var timeout = 2_000

  func validate() throws {
    if !(1...60_000).contains(timeout) { throw ValidationError("`--timeout` is between 1 and 60000") }
  }

  func run() throws {
    let probe: HealthProbe
    do {
      probe = try HealthProbe(ready ? .ready : .alive, at: socket, milliseconds: timeout)
    } catch {
      throw Stop(.input, error.message, hint: error.hint)
    }
    try Terminal.print(probe.text)
    if !probe.isFine { throw Stop(.findings) }
  }
}
