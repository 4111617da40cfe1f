import Diagnostics
import ReleaseRules
import Testing

/// A spec of a hundred thousand lines, as a tool could write it, with a mistake at its beginning and one at its end.
@Suite struct LargeSpecTests {
  @Test func mistakesAtBothEndsOfAHundredThousandLinesAreFoundInOneRun() {
    let text = Self.spec(environments: 5000)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count > 100_000)
    let verdict = Verdict(text)
    #expect(
      verdict.places == [
        "2:10 invalid-name", "5:30 unknown-key", "\(lines.count - 5):18 unknown-name",
        "\(lines.count - 1):22 invalid-condition",
      ], "\(verdict.places.prefix(20))")
  }

  /// As many environments, each with a check and a metric of its own.
  private static func spec(environments count: Int) -> String {
    var lines = [
      "liftlock: 1", "service: Shop", "artifact: { image: ghcr.io/acme/shop }", "roles:",
      "  owner: { reviewers: [ada], dutty: Releases }", "secrets:", "  PROMETHEUS_URL:", "    in:",
    ]
    for index in 0..<count { lines.append("      - e\(index)") }
    lines += ["    purpose: metric queries", "    rotate: 90d", "sources:"]
    lines += ["  prometheus: { prometheus: { url: PROMETHEUS_URL }, resolution: 15s }", "metrics:"]
    for index in 0..<count {
      lines += ["  m\(index):", "    unit: percent", "    better: lower", "    query: m\(index)_total"]
    }
    lines.append("checks:")
    for index in 0..<count { lines += ["  c\(index):", "    probe:", "      requests: [GET /health]"] }
    lines.append("environments:")
    for index in 0..<count {
      let isLast = index == count - 1
      lines += [
        "  e\(index):", "    on: { manual: true }", "    url: https://e\(index).shop.example",
        "    deploy: { command: { run: ops/e\(index).sh } }", "    rollout:", "      rolling:",
        "        verify: [\(isLast ? "none" : "c\(index)")]", "        watch: 15m", "    rollback:", "      when:",
        "        - m\(index) > 3% \(isLast ? "ovr" : "over") 5m", "      verify: [c\(index)]",
      ]
    }
    return lines.joined(separator: "\n")
  }
}
