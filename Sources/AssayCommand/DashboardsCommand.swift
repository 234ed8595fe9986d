import ArgumentParser
import Sidecar

/// `assay dashboards [grafana|alerts]`
struct DashboardsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dashboards",
    abstract: "Prints what watches a sidecar: a Grafana dashboard, or alert rules for Prometheus.",
    discussion: """
      Both read what `assay serve` shows at /metrics. The alert rules expect a job whose name has `assay` in it.
      """)

  /// What can be printed.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case grafana, alerts
  }

  @Argument(help: "grafana: a dashboard as JSON, to be imported. alerts: rules as YAML, for rule_files.")
  var kind = Kind.grafana

  func run() throws {
    switch kind {
    case .grafana: try Terminal.print(Dashboards.grafana)
    case .alerts: try Terminal.print(Dashboards.alerts)
    }
  }
}
