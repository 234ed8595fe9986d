import Foundation
import TestSupport
import Testing

/// Metrics, dashboards and alerts as the tools of operators take them.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl"))) struct PrometheusTests {
  private static let hasTool = FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")

  /// What `/metrics` has after decisions, a repeated one, refusals and reloads.
  private func metrics(_ options: String = "") throws -> String {
    let found = try Shell.run(
      """
      head -c 32 /dev/urandom > "$WORK/key"
      assay serve Fixtures/commands/rules/wallet --socket "$WORK/s" \(options) 2> "$WORK/log" &
      pid=$!
      for i in $(seq 200); do [ -S "$WORK/s" ] && break; sleep 0.05; done
      for i in 1 2; do
        curl -s --unix-socket "$WORK/s" http://assay/v1/decisions -H 'content-type: application/x-ndjson' \
          --data-binary @Fixtures/commands/events/wallet.ndjson > "$WORK/decisions"
      done
      curl -s --unix-socket "$WORK/s" http://assay/v1/decisions -H 'content-type: application/json' -d 'nonsense' > "$WORK/refused"
      curl -s --unix-socket "$WORK/s" -X POST http://assay/v1/ruleset/reload > "$WORK/reload"
      curl -s --unix-socket "$WORK/s" http://assay/metrics
      kill -TERM $pid
      wait $pid
      """)
    #expect(found.exitCode == 0, "\(found)")
    return found.output
  }

  private static let overRedis = "--redis unix:///tmp/assay-no-redis-there --hashing-key-file \"$WORK/key\""

  /// The names in a text of metrics.
  private func names(_ text: String) -> Set<String> {
    Set(text.matches(of: #/(?m)^\# TYPE (\w+) /#).map { String($0.1) })
  }

  @Test func whatOperatorsNeedIsThere() throws {
    let text = try metrics()
    let degraded = try metrics(Self.overRedis)
    for line in [
      #"assay_decisions_total{outcome="allow"} "#, #"assay_repeated_decisions_total{decision="found"} "#,
      #"assay_refused_events_total{code="not-json"} 1"#, #"assay_reloads_total{result="live"} 1"#,
      #"assay_reloads_total{result="refused"} 0"#, #"assay_decision_seconds_bucket{le="5e-05"} "#,
      "assay_in_flight_decisions 0", "assay_shed_events_total 0",
      #"assay_ruleset_info{name="wallet",version="sha256:"#,
      "process_open_fds ", "assay_memory_entities ",
    ] { #expect(text.contains(line), "\(line) is not in \(text)") }
    #expect(text.contains(/assay_rule_hits_total\{rule="[^"]+",shadow="false"\} \d+/), "\(text)")
    #expect(degraded.contains(/assay_degraded_decisions_total\{reason="[^"]+"\} [1-9]/), "\(degraded)")
    for name in [
      "assay_redis_round_trips_total", "assay_redis_known_reads_total", "assay_redis_backlog_events",
    ] {
      #expect(names(degraded).contains(name))
    }
  }

  @Test(.enabled(if: PrometheusTests.hasTool), arguments: ["", PrometheusTests.overRedis])
  func promtoolTakesTheMetrics(options: String) throws {
    let text = try metrics(options)
    let found = try Shell.run(
      "printf '%s\\n' \"$METRICS\" | promtool check metrics 2>&1", environment: ["METRICS": text])
    #expect(found.exitCode == 0 && found.output == "", "\(found)")
  }

  @Test(.enabled(if: PrometheusTests.hasTool)) func promtoolTakesTheAlerts() throws {
    let found = try Shell.run(
      """
      cd "$WORK" && assay dashboards alerts > alerts.yaml && promtool check rules alerts.yaml
      cp "$OLDPWD/Fixtures/prometheus/alerts.test.yaml" . && promtool test rules alerts.test.yaml
      """)
    #expect(found.exitCode == 0, "\(found)")
    #expect(found.output.contains("rules found") && found.output.contains("SUCCESS"), "\(found)")
  }

  /// Every alert is tested: that it fires, and that it does not.
  @Test func everyAlertHasATest() throws {
    let alerts = try Shell.run("assay dashboards alerts").output.matches(of: /- alert: (\w+)/).map {
      String($0.1)
    }
    let tests = try String(
      contentsOf: SharedData.projectRoot.appending(path: "Fixtures/prometheus/alerts.test.yaml"),
      encoding: .utf8)
    #expect(alerts.count > 10 && Set(alerts).count == alerts.count)
    for alert in alerts {
      #expect(tests.matches(of: /alertname: (\w+)/).count { $0.1 == alert } == 2, "\(alert)")
    }
  }

  /// Whatever dashboards and alerts name is exported, and all that is exported is documented.
  @Test func whatIsNamedIsThere() throws {
    let exported = names(try metrics()).union(names(try metrics(Self.overRedis)))
    #expect(exported.count > 35, "\(exported)")
    let grafana = try Shell.run("assay dashboards grafana").output
    let panels = try #require(try JSONSerialization.jsonObject(with: Data(grafana.utf8)) as? [String: Any])[
      "panels"]
    #expect((panels as? [Any])?.count ?? 0 > 20)
    for text in [grafana, try Shell.run("assay dashboards alerts").output] {
      let named = Set(text.matches(of: /\b(?:assay|process)_\w+/).map { String($0.0) })
      #expect(named.count > 15)
      for name in named {
        let base = name.replacing(/_(bucket|sum|count)$/, with: "")
        #expect(exported.contains(name) || exported.contains(base), "nothing exports \(name)")
      }
    }
    let pages = try String(
      contentsOf: SharedData.projectRoot.appending(path: "Sources/Sidecar/Sidecar.docc/Operating.md"),
      encoding: .utf8)
    let documented = Set(pages.matches(of: #/(?m)^\| `(\w+)` \|/#).map { String($0.1) })
    #expect(exported.subtracting(documented).sorted() == [])
    #expect(documented.subtracting(exported).sorted() == [])
  }

  @Test func whatCannotBePrintedIsTold() throws {
    let found = try Shell.run("assay dashboards kibana")
    #expect(found.exitCode == 3 && found.errors.contains("grafana"), "\(found)")
  }
}
