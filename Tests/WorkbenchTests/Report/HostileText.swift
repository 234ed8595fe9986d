/// Texts that break pages whose authors trust texts.
enum HostileText {
  static let all = [
    "</script><script>broken = 1</script>",
    "\"><img src=https://example.com/a.png onerror=\"broken = 1\">",
    "' onmouseover='broken = 1' x='",
    "<!-- <script>",
    "]]></style></title></table><iframe src=//example.com></iframe>",
    "&lt;b&gt;<b><i>x</i></b>",
    "a\u{2028}b\u{2029}c\u{202E}d\u{0}e\u{FEFF}",
    "${broken = 1}`\\u003c\\\"",
  ]
}
