extension RedisConfiguration {
  /// Reads a URL among the arguments of a command. `timeout` is the command's own option, in milliseconds; without it
  /// that of the URL counts, and without that `ordinary`.
  ///
  /// A command knows its namespace, and may remove what it wrote there: a URL that names another is refused.
  package init(
    argument url: String, namespace: String, timeout: Int?, ordinary: Int
  ) throws(RedisConfigurationError) {
    try self.init(url: url, namespace: namespace, origin: .arguments)
    if let timeout {
      timeoutMilliseconds = timeout
    } else if try !RedisURL(url).options.contains(where: { $0.name == "timeout" }) {
      timeoutMilliseconds = ordinary
    }
    if self.namespace != namespace {
      throw RedisConfigurationError(
        place: "namespace", cause: "the URL names another, `\(self.namespace)`",
        hint: "leave it out of the URL, and say `--namespace` where the command's own will not do")
    }
  }
}
