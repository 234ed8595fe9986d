extension RedisConfiguration {
  /// What counts where neither the arguments of a command nor the URL say something else.
  package struct Ordinary: Sendable {
    /// How long one exchange may take.
    package var timeoutMilliseconds: Int
    /// What the rule set asks for.
    package var durability: Durability

    /// What a command, and the rules that it works on, take for granted.
    package init(timeoutMilliseconds: Int, durability: Durability) {
      self.timeoutMilliseconds = timeoutMilliseconds
      self.durability = durability
    }
  }

  /// Reads a URL among the arguments of a command. `timeout` is the command's own option, in milliseconds; without it
  /// that of the URL counts, and without that the ordinary one. Likewise the URL's `durability`, which is said for this
  /// run, counts before the rule set's, which is said for all.
  ///
  /// A command knows its namespace, and may remove what it wrote there: a URL that names another is refused.
  package init(
    argument url: String, namespace: String, timeout: Int?, ordinary: Ordinary, origin: Origin = .arguments,
    environment: (String) -> String? = RedisConfiguration.variable
  ) throws(RedisConfigurationError) {
    try self.init(url: url, namespace: namespace, origin: origin, environment: environment)
    let said = Set(try RedisURL(url).options.map(\.name))
    if let timeout {
      timeoutMilliseconds = timeout
    } else if !said.contains("timeout") {
      timeoutMilliseconds = ordinary.timeoutMilliseconds
    }
    if !said.contains("durability") { durability = ordinary.durability }
    if self.namespace != namespace {
      throw RedisConfigurationError(
        place: "namespace", cause: "the URL names another, `\(self.namespace)`",
        hint: "leave it out of the URL, and say `--namespace` where the command's own will not do")
    }
  }
}
