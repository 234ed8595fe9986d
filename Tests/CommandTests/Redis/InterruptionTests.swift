import Foundation
import RedisTestSupport
import TestSupport
import Testing

/// Signals that end a command over keys of its own.
@Suite(.enabled(if: RedisServer.isInstalled)) struct InterruptionTests {
  private func start(_ arguments: [String], _ redis: RedisShell) throws -> (
    Process, input: Pipe, errors: Pipe
  ) {
    let (process, input, errors) = (Process(), Pipe(), Pipe())
    process.executableURL = Shell.binaries.appending(path: "assay")
    process.arguments = arguments + ["--redis", redis.url]
    process.currentDirectoryURL = SharedData.projectRoot
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    return (process, input, errors)
  }

  /// Waits until the run has written keys.
  private func waitForKeys(_ redis: RedisShell, _ countMin: Int) async throws {
    for _ in 0..<1_000 where try redis.keyCount() ?? 0 < countMin {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  private func end(_ process: Process, by signal: Int32, _ errors: Pipe) -> String {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
    return String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func theKeysOfAReplayThatWaitsAreRemoved(_ signal: Int32) async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let (process, input, errors) = try start(["replay", RedisCases.wallet, "-"], redis)
    let events = SharedData.projectRoot.appending(path: RedisCases.events)
    input.fileHandleForWriting.write(try Data(contentsOf: events))
    try await waitForKeys(redis, 16)
    #expect(try redis.keyCount() == 16)
    #expect(end(process, by: signal, errors) == "interrupted: the keys of this run were removed from Redis\n")
    #expect(try redis.keyCount() == 0)
  }

  /// The same events again and again keep it at work longer than any machine takes to send a signal.
  @Test(arguments: [SIGINT, SIGTERM]) func theKeysOfAReplayAtWorkAreRemoved(_ signal: Int32) async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let many = [String](repeating: RedisCases.rewardEvents, count: 100)
    let (process, _, errors) = try start(["replay", RedisCases.rewards] + many, redis)
    try await waitForKeys(redis, 300)
    #expect(end(process, by: signal, errors).contains("interrupted: the keys of this run were removed"))
    #expect(try redis.keyCount() == 0)
  }

  /// Whenever it comes, between two tests or within one.
  @Test func theKeysOfTestsAreRemoved() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    for milliseconds in [20, 35, 50, 65, 80] {
      let (process, _, _) = try start(["test", RedisCases.rewards], redis)
      try await Task.sleep(for: .milliseconds(milliseconds))
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      #expect(try redis.keyCount() == 0)
    }
  }

  /// A server that stands still cannot remove anything: a second signal does not wait for it.
  @Test func aSecondSignalEndsItAtOnce() async throws {
    let redis = try await RedisShell.start()
    defer { redis.server.stop() }
    let (process, input, errors) = try start(
      ["replay", RedisCases.wallet, "-", "--redis-timeout", "30000"], redis)
    let events = SharedData.projectRoot.appending(path: RedisCases.events)
    input.fileHandleForWriting.write(try Data(contentsOf: events))
    try await waitForKeys(redis, 16)
    redis.server.pause()
    kill(process.processIdentifier, SIGINT)
    try await Task.sleep(for: .milliseconds(100))
    #expect(process.isRunning)
    #expect(end(process, by: SIGINT, errors) == "")
    redis.server.resume()
  }
}
