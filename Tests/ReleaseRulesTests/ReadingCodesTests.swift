import Diagnostics
import ReleaseRules
import Testing

@Suite struct ReadingCodesTests {
  /// One mistake of each kind, and the code that it gives.
  private static let mistakes: [(code: String, old: String, new: String)] = [
    ("wrong-type", "service: shop", "service: [shop]"),
    ("unknown-key", "purpose: metric queries", "purpose: metric queries, colour: blue"),
    ("missing-key", "purpose: metric queries, ", ""),
    ("conflicting-keys", "smoke: { probe: {", "smoke: { github-checks: [a], probe: {"),
    ("empty-list", "reviewers: [acme/owners]", "reviewers: []"),
    ("repeated-entry", "reviewers: [acme/owners]", "reviewers: [acme/owners, acme/owners]"),
    ("unknown-word", "better: lower", "better: smaller"),
    ("out-of-range", "GET /ready]", "GET /ready], warm-up: 11"),
    ("invalid-text", "ghcr.io/acme/shop", "ghcr.io/acme/shop:latest"),
    ("invalid-name", "operations: {", "Operations: {"),
    ("invalid-duration", "resolution: 15s", "resolution: quick"),
    ("invalid-weight", "to: 10%", "to: 110%"),
    ("invalid-program", "ci: { github", "load: { run: /bin/load }\n  ci: { github"),
    ("invalid-request", "GET /ready]", "FETCH /ready]"),
    ("invalid-condition", "smoke fails for 1m", "smoke breaks for 1m"),
    ("invalid-quantity", "better: lower", "better: lower\n    target: fast"),
    (
      "invalid-time", "after: staging",
      "after: staging\n    window: { days: [mon], from: 1h, to: \"06:00\", zone: UTC }"
    ),
    ("unknown-version", "liftlock: 1", "liftlock: 0"),
    ("unknown-name", "prod: [owner]", "prod: [ceo]"),
    ("unit-mismatch", "error-rate < 1%", "error-rate < 1"),
  ]

  @Test func theListHoldsExactlyWhatReadingCanReport() throws {
    var triggered: Set<String> = []
    for (code, old, new) in Self.mistakes {
      let verdict = Verdict(try edited(ExampleSpec.base, (old, new)))
      #expect(verdict.diagnostics.contains { $0.code == code }, "\(code)\n\(verdict.text)")
      triggered.formUnion(verdict.diagnostics.map(\.code))
    }
    let fromReading = triggered.subtracting(RuleCatalogue.all.map { $0.name })
    #expect(fromReading == Set(ReadingCodes.all.map(\.name)))
  }
}
