/// What operators load into their own tools. The texts are part of the binary.
package enum Dashboards {
  /// A dashboard for Grafana, to be imported as it is.
  package static var grafana: String { String(decoding: PackageResources.grafana_json, as: UTF8.self) }
  /// Alert rules for Prometheus.
  package static var alerts: String { String(decoding: PackageResources.alerts_yaml, as: UTF8.self) }
}
