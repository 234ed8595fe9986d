import Dispatch
package import RedisWindows

/// A Redis Cluster of a test's own on the loopback.
package final class RedisCluster: Sendable {
  /// How many slots a cluster shares out.
  package static let slotCount = 16_384

  /// All its nodes, the first primaries first.
  package let nodes: [RedisServer]

  /// The port that each node tells others of.
  private let ports: [Int?]

  private init(nodes: [RedisServer], ports: [Int?]) {
    self.nodes = nodes
    self.ports = ports
  }

  /// Starts the nodes, joins them with `redis-cli --cluster create`, and waits until each one says that all is well.
  ///
  /// A node counts as gone after `nodeTimeoutMilliseconds`; a fail-over takes about twice as long. With `certificates`
  /// all of them speak TLS only, also with each other, and let nobody in who shows none. `announce` may put something
  /// before each node, and returns the ports by which clients and replicas find them.
  package static func start(
    primaries: Int = 3, replicas: Int = 3, nodeTimeoutMilliseconds: Int = 2_000, directives: [String] = [],
    certificates: ServerCertificates? = nil,
    announce: ([RedisServer]) async throws -> [Int?] = { $0.map(\.peerPort) }
  ) async throws -> RedisCluster {
    let options = RedisServer.Options {
      $0.tcp = certificates == nil
      $0.tls = certificates == nil ? .off : .knownClients
      $0.directives = ["cluster-node-timeout \(nodeTimeoutMilliseconds)"] + directives
    }
    let nodes = try await withThrowingTaskGroup { group in
      for _ in 0..<primaries + replicas {
        group.addTask {
          try await RedisServer.start(options, certificates: certificates, isClusterNode: true)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let ports = try await announce(nodes)
    for (node, port) in zip(nodes, ports) where port != node.peerPort {
      try node.run("CONFIG", "SET", "cluster-announce-port", "\(port ?? 0)")
      // It is the same after a restart.
      try node.run("CONFIG", "REWRITE")
    }
    let perPrimary = primaries > 0 ? replicas / primaries : 0
    let places = nodes.map { "127.0.0.1:\($0.peerPort ?? 0)" }
    let command =
      ["redis-cli"] + (certificates?.options ?? []) + ["--cluster", "create"] + places
      + ["--cluster-replicas", "\(perPrimary)", "--cluster-yes"]
    let made = try await aside { try ChildProcess.output(of: command, folder: "/") }
    guard made.status == 0 else { throw ServerError("redis-cli --cluster create: \(made.text)") }
    let cluster = RedisCluster(nodes: nodes, ports: ports)
    try await cluster.waitUntilWell(replicas: perPrimary)
    return cluster
  }

  /// Runs `body` on a thread that may wait.
  private static func aside<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
    }
  }

  /// The nodes that run and answer.
  package var running: [RedisServer] { nodes.filter { $0.processID != nil && !$0.isPaused } }

  /// Addresses of all nodes on the loopback, for a client to begin with.
  package var addresses: [RedisAddress] { ports.compactMap { $0.map { .host("127.0.0.1", port: $0) } } }

  /// The port by which others find a node.
  func port(of node: RedisServer) -> Int? { zip(nodes, ports).first { $0.0 === node }?.1 }

  /// Waits until every running node says `cluster_state:ok`, all slots have owners, and each primary has `replicas`
  /// that are in step with it.
  package func waitUntilWell(replicas: Int = 0, within limit: Duration = .seconds(30)) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    var why = ""
    while clock.now < end {
      why = try running.lazy.compactMap { try Self.complaint(of: $0, replicas: replicas) }.first ?? ""
      if why.isEmpty { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ServerError("the cluster is not well after \(limit): \(why)")
  }

  private static func complaint(of node: RedisServer, replicas: Int) throws -> String? {
    let information = try node.run("CLUSTER", "INFO")
    guard information.contains("cluster_state:ok") else { return information }
    guard information.contains("cluster_slots_ok:\(slotCount)") else { return information }
    let replication = try node.run("INFO", "replication")
    if replication.contains("role:slave") {
      return replication.contains("master_link_status:up") ? nil : replication
    }
    let inStep = replication.split(separator: "\n").count { $0.contains("state=online") }
    return inStep >= replicas ? nil : replication
  }

  /// Stops all nodes.
  package func stop() {
    for node in nodes { node.kill() }
  }
}
