import RedisWindows
import Testing

/// What a URL says, and what is wrong with one.
struct ConfigurationURLTests {
  private func read(_ url: String, origin: RedisConfiguration.Origin = .elsewhere) throws
    -> RedisConfiguration
  {
    try RedisConfiguration(url: url, namespace: "rules", origin: origin) { _ in nil }
  }

  @Test(arguments: [
    ("redis://", [RedisAddress.host("localhost", port: 6_379)]),
    ("REDIS://cache.example", [.host("cache.example", port: 6_379)]),
    ("redis://10.0.0.1:7001/2", [.host("10.0.0.1", port: 7_001)]),
    ("redis://[::1]:7001", [.host("::1", port: 7_001)]),
    ("unix:///run/redis/redis.sock", [.unixSocket("/run/redis/redis.sock")]),
    ("redis+unix:///run/a%20b.sock?db=3", [.unixSocket("/run/a b.sock")]),
    ("redis-socket:///run/a@b.sock", [.unixSocket("/run/a@b.sock")]),
    (
      "redis+cluster://a:7000,b:7001,[fe80::1]",
      [
        .host("a", port: 7_000), .host("b", port: 7_001), .host("fe80::1", port: 6_379),
      ]
    ),
    ("redis-sentinel://h,h2:26380/main/1", [.host("h", port: 26_379), .host("h2", port: 26_380)]),
  ]) func addressesAreRead(_ url: String, _ addresses: [RedisAddress]) throws {
    #expect(try read(url).addresses == addresses)
  }

  @Test func topologyDatabaseAndEncryptionAreRead() throws {
    #expect(try read("redis://h/2").database == 2)
    #expect(try read("unix:///s?db=3").database == 3)
    #expect(try read("redis://h").topology == .single)
    #expect(try read("redis://h").tls == nil)
    #expect(try read("rediss+cluster://a,b").topology == .cluster)
    #expect(try read("rediss+cluster://a,b").tls == RedisConfiguration.TLS())
    let sentinel = try read("redis+sentinel://h/the%2Fmain/4")
    #expect(sentinel.topology == .sentinel(primary: "the/main") && sentinel.database == 4)
  }

  @Test func optionsAreRead() throws {
    let url =
      "rediss://h?timeout=1s&durability=wait&namespace=n2&client_name=w-1&ca_file=/ca&cert_file=/c&key_file=/k"
      + "&server_name=s&backlog_bytes_max=1MiB&cache_bytes_max=2GiB&reply_bytes_max=100000&pending_bytes_max=64KiB"
    let read = try read(url)
    #expect(read.timeoutMilliseconds == 1_000 && read.durability == .wait && read.namespace == "n2")
    #expect(read.clientName == "w-1" && read.backlogBytesMax == 1 << 20 && read.cacheBytesMax == 2 << 30)
    #expect(read.replyBytesMax == 100_000 && read.pendingBytesMax == 1 << 16)
    #expect(read.tls?.authorityFile == "/ca" && read.tls?.certificateFile == "/c")
    #expect(read.tls?.keyFile == "/k" && read.tls?.serverName == "s")
  }

  @Test func whatIsNotSaidIsAtItsDefault() throws {
    let read = try read("redis://h")
    #expect(read.timeoutMilliseconds == 20 && read.durability == .primary && read.namespace == "rules")
    #expect(
      read.backlogBytesMax == 64 << 20 && read.cacheBytesMax == 256 << 20 && read.replyBytesMax == 4 << 20)
  }

  @Test(arguments: [
    ("localhost:6379", "`scheme`: the address of redis is no URL that is known here"),
    ("http://h", "`scheme`: the address of redis is no URL that is known here"),
    ("redis://h:70000", "`port`: what follows the host is no port from 1 to 65535"),
    ("redis://h:0", "`port`: what follows the host is no port from 1 to 65535"),
    ("redis://::1", "`host`: an address has no host"),
    ("redis://fe80::1", "`port`: what follows the host is no port from 1 to 65535"),
    ("redis://a,b", "`host`: one server has one address"),
    ("redis+cluster://a,,b", "`host`: an address has no host"),
    ("redis+cluster://a/1", "`db`: a cluster has database 0 only"),
    ("redis+sentinel://a", "`path`: the primary that the sentinels watch has no name"),
    ("redis://h/x", "`db`: `x` is no database's number"),
    ("redis://h/1/2", "`path`: the path has more than a database's number"),
    ("unix://run/redis.sock", "`path`: a Unix socket's path begins with a slash"),
    (
      "unix:///" + String(repeating: "a", count: 107),
      "`path`: the path of a Unix socket has more than 107 bytes"
    ),
    ("redis://h?timeout=20", "`timeout`: `20` is no time from 1 ms to 60 s"),
    ("redis://h?timeout=61s", "`timeout`: `61s` is no time from 1 ms to 60 s"),
    ("redis://h?timeout=99999999999999999999ms", "`timeout`: `99999999999999999999ms` is no time"),
    ("redis://h?cache_bytes_max=9999999999GiB", "`cache_bytes_max`: `9999999999GiB` is no size from 0 to"),
    ("redis://h?durability=disk", "`durability`: `disk` is no durability"),
    ("redis://h?ca_file=/ca", "`ca_file`: the option is for encrypted connections"),
    ("redis://h?client_name=a%20b", "`client_name`: a client's name has printable ASCII characters only"),
    ("redis://h?colour=red", "`colour`: there is no such option"),
    (
      "redis://h?namespace=" + String(repeating: "n", count: 300),
      "`namespace`: a namespace has 1 to 128 bytes, this one 300 (choose a shorter one"
    ),
    ("redis://h?timeout=1s&timeout=2s", "`timeout`: the option is given twice"),
    ("redis://h?timeout", "`timeout`: the option has no value"),
    ("redis://h%2", "`host`: a `%` is not followed by two hexadecimal digits"),
    ("redis://h%ff", "`host`: the percent signs stand for no text"),
    ("redis://h%00", "`host`: the percent signs stand for no text"),
  ]) func whatIsWrongIsNamedWithItsPlace(_ url: String, _ beginning: String) {
    do {
      _ = try read(url)
      Issue.record("`\(url)` was read")
    } catch {
      #expect("\(error)".hasPrefix(beginning), "\(error)")
    }
  }

  @Test func theDescriptionIsAURLWithoutPasswords() throws {
    let texts = [
      (
        "redis://app:se%40cret@h:7001/2?timeout=1s",
        "redis://app:***@h:7001/2?timeout=1000ms&durability=primary&namespace=rules"
      ),
      (
        "unix:///run/r.sock?db=1&password=secret",
        "unix://:***@/run/r.sock?db=1&timeout=20ms&durability=primary&namespace=rules"
      ),
      (
        "rediss+cluster://a:1,[::1]:2?durability=wait",
        "rediss+cluster://a:1,[::1]:2?timeout=20ms&durability=wait&namespace=rules"
      ),
      (
        "redis+sentinel://:secret@a/main/3",
        "redis+sentinel://:***@a:26379/main/3?timeout=20ms&durability=primary&namespace=rules"
      ),
    ]
    for (url, text) in texts { #expect(try read(url).description == text) }
  }
}
