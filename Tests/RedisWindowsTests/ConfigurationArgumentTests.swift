import Foundation
import RedisWindows
import TestSupport
import Testing

/// What counts of what a command, a URL and a rule set say; and that the documentation has every option.
struct ConfigurationArgumentTests {
  private func read(
    _ url: String, timeout: Int? = nil, ordinary: RedisConfiguration.Durability = .primary
  ) throws -> RedisConfiguration {
    try RedisConfiguration(
      argument: url, namespace: "rules", timeout: timeout,
      ordinary: .init(timeoutMilliseconds: 5_000, durability: ordinary))
  }

  @Test func theCommandsTimeoutCountsBeforeTheURLs() throws {
    #expect(try read("redis://h").timeoutMilliseconds == 5_000)
    #expect(try read("redis://h?timeout=30ms").timeoutMilliseconds == 30)
    #expect(try read("redis://h?timeout=30ms", timeout: 40).timeoutMilliseconds == 40)
  }

  @Test func theURLsDurabilityCountsBeforeTheRuleSets() throws {
    #expect(try read("redis://h").durability == .primary)
    #expect(try read("redis://h", ordinary: .wait).durability == .wait)
    #expect(try read("redis://h?durability=primary", ordinary: .wait).durability == .primary)
    #expect(try read("redis://h?durability=wait").durability == .wait)
  }

  @Test func anotherNamespaceInTheURLIsRefused() throws {
    #expect(throws: RedisConfigurationError.self) { try read("redis://h?namespace=other") }
    #expect(try read("redis://h?namespace=rules").namespace == "rules")
  }

  /// The options as the documentation's table has them, each with the row's other cells.
  private static func documented() throws -> [String: String] {
    let file = "Sources/RedisWindows/RedisWindows.docc/Options.md"
    let text = try String(contentsOf: SharedData.projectRoot.appending(path: file), encoding: .utf8)
    let table = try #require(text.components(separatedBy: "| option | value | default | limits |").last)
    let rows = table.split(separator: "\n").drop { !$0.hasPrefix("| `") }.prefix { $0.hasPrefix("| `") }
    return Dictionary(
      rows.map { row in
        let cells = row.split(separator: "`", maxSplits: 2)
        return (String(cells[1]), String(cells[2]))
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test func theTableOfOptionsIsThatOfTheParser() throws {
    let documented = try Self.documented()
    #expect(Set(documented.keys) == Set(RedisConfiguration.optionNames))
    #expect(RedisConfiguration.optionNames.count == 21)
    // None of them is unknown to the parser, and one that no table has is.
    for name in RedisConfiguration.optionNames {
      do { _ = try read("redis://h?\(name)=?") } catch {
        #expect((error as? RedisConfigurationError)?.cause != "there is no such option", "\(name)")
      }
    }
    #expect(throws: RedisConfigurationError.self) { try read("redis://h?colour=red") }
  }

  /// The defaults that the table names are those of the code.
  @Test func theTablesDefaultsAreTheCodes() throws {
    let documented = try Self.documented()
    let fresh = RedisConfiguration(namespace: "n")
    func size(_ bytes: Int) -> String { "\(bytes >> 20) MiB" }
    for (name, value) in [
      ("timeout", "\(fresh.timeoutMilliseconds) ms"), ("client_name", "`\(fresh.clientName)`"),
      ("durability", "`\(fresh.durability.rawValue)`"), ("backlog_bytes_max", size(fresh.backlogBytesMax)),
      ("cache_bytes_max", size(fresh.cacheBytesMax)), ("reply_bytes_max", size(fresh.replyBytesMax)),
      ("pending_bytes_max", size(fresh.pendingBytesMax)),
    ] {
      #expect(documented[name]?.contains(value) == true, "\(name): \(value)")
    }
  }
}
