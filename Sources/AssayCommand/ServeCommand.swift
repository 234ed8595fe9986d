import ArgumentParser
import Configuration
import Foundation
import Logging
import RuleSets
import Sidecar
import UnixSignals
import Workbench

/// `assay serve RULES --socket PATH`
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Decides events for other processes, over a Unix socket or TCP.",
    discussion: """
      HTTP/1.1 and bare events, one a line, on the same socket. SIGHUP reads the rules again; broken ones change \
      nothing. SIGTERM answers what has come and ends.
      """)

  @OptionGroup var arguments: RuleArguments

  @Option(
    help: """
      A JSON file with settings, by the names of these options. Options go first, then variables of the environment \
      (ASSAY_SOCKET_MODE for --socket-mode), then the file.
      """, completion: .file())
  var config: String?

  @Flag(help: "Print all settings with where each comes from, and serve nothing.")
  var printConfig = false

  @Option(help: "Listen on a Unix socket at this path.", completion: .file())
  var socket: String?

  @Option(help: "The mode of the socket's file, in octal. (default: 600)")
  var socketMode: String?

  @Option(help: "The group of the socket's file, by name or number.")
  var socketGroup: String?

  @Option(help: "Serve only processes of the user with this number; may be given several times.")
  var allowUser: [UInt32] = []

  @Option(help: "Listen on TCP too, as HOST:PORT; the host must be of the loopback unless --public is given.")
  var listen: String?

  @Flag(help: "Let --listen name an address that other machines reach.")
  var `public` = false

  @Option(help: "Threads that serve clients. (default: 1)")
  var loops: Int?

  @Option(help: "The bound of the memory for windows, where they are in memory; MiB. (default: 1024)")
  var memory: Int?

  @Option(help: "What is logged, from trace to critical. (default: info)")
  var logLevel: String?

  @Option(
    help: "A JSON file about vendors whose messages are taken at /v1/ingest/SOURCE; read again on SIGHUP.",
    completion: .file())
  var ingestConfig: String?

  @Option(help: "Send a span of each decision to this collector, by OTLP: http://HOST:4318/v1/traces.")
  var traceEndpoint: String?

  @Option(help: "The share of decisions without a traceparent that get a span, 0 to 1. (default: 1)")
  var traceSample: Double?

  @Option(help: "A file with the password of Redis.", completion: .file())
  var redisPasswordFile: String?

  @OptionGroup(title: "Redis") var redis: RedisArguments

  func run() throws {
    let file = try config.map { path throws(Stop) in try ConfigurationFile(path) }
    let settings = try ServeSettings(
      flags: flags, environment: ProcessInfo.processInfo.environment, file: file)
    let rules = try arguments.load()
    let configuration = try settings.configuration(for: rules)
    if printConfig { return try Terminal.print(settings.text) }
    try ServeSettings.expectAddress(configuration)
    let level = settings.text("log-level").flatMap { Logger.Level(rawValue: $0) } ?? .info
    let logger = Logger(label: "assay") { JSONLogHandler(label: $0, level: level) }
    let folder = arguments.rules
    let stop = Awaited { () -> Stop? in
      do {
        // Before anybody can connect: a signal that comes early is heard too.
        let signals = await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint)
        let server = try await SidecarServer.start(
          configuration, rules: rules, folder: folder, logger: logger)
        logger.info(
          "serving",
          metadata: [
            "addresses": .array(server.addresses.map { .string($0) }), "ruleset": "\(rules.name)",
            "version": "\(rules.version)",
          ])
        for await signal in signals {
          if signal != .sighup { break }
          await server.reload()
        }
        logger.info("stopping")
        await server.stop()
        logger.info("stopped")
        return nil
      } catch let error as SidecarError {
        return Stop(.input, error.message, hint: error.hint)
      } catch {
        return Stop(.input, "the server did not start: \(error)", hint: "see the message")
      }
    }.wait()
    if let stop { throw stop }
  }

  /// The options that were given.
  private var flags: [String: ConfigContent] {
    var flags: [String: ConfigContent] = [:]
    let texts = [
      "socket": socket, "socket-mode": socketMode, "socket-group": socketGroup, "listen": listen,
      "log-level": logLevel, "redis": redis.redis, "redis-password-file": redisPasswordFile,
      "namespace": redis.namespace,
      "hashing-key-file": redis.hashingKeyFile, "trace-endpoint": traceEndpoint,
      "ingest-config": ingestConfig,
    ]
    for (key, text) in texts { flags[key] = text.map { .string($0) } }
    for (key, number) in ["loops": loops, "memory": memory, "redis-timeout": redis.redisTimeout] {
      flags[key] = number.map { .int($0) }
    }
    flags["trace-sample"] = traceSample.map { .double($0) }
    if `public` { flags["public"] = .bool(true) }
    if !allowUser.isEmpty { flags["allow-user"] = .intArray(allowUser.map(Int.init)) }
    return flags
  }
}
