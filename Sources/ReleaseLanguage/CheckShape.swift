import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

enum CheckShape {
  private static let noOpenIssues = Shape<[Located<String>]>.object(
    "no-open-issues", "Passes while the repository has no open issue with any of these labels.",
    .required("labels", Shape<String>.line.located.list(atLeast: 1), "The labels.", example: "[sev-1, sev-2]")
  ) { _, labels in labels }

  private static let stableFor = Shape<Check.Kind>.object(
    "stable-for", "Passes when the last release of an environment succeeded, and that long ago.",
    .required("environment", Shape<String>.reference.located, "The environment.", example: "prod"),
    .required("at-least", .timeSpan, "How long it must have been live.", example: "1h")
  ) { _, environment, time in .stableFor(environment: environment, atLeast: time) }

  private static let reviews = Shape<Check.Kind>.object(
    "pull-request-reviews", "Passes when enough people have approved the pull request as it is now.",
    .required("at-least", Shape<Int>.integer(0...20).located, "How many approvals.", example: "1")
  ) { _, count in .pullRequestReviews(atLeast: count) }

  private static let signedTag = Shape<Check.Kind>.object(
    "signed-tag", "Passes when the release runs from an annotated tag whose signature GitHub has verified.",
    .defaulted(
      "immutable", .boolean, to: true, shown: "true",
      "Also asks for an active tag ruleset that forbids moving and deleting it.")
  ) { _, immutable in .signedTag(immutable: immutable) }

  private static let comment = Shape<Check.Kind>.object(
    "comment",
    "Passes when somebody with the role has written this as a comment on the commit's pull request or on the "
      + "release issue of the tag.",
    .required("says", .line, "The first line of the comment.", example: "/ready-for-prod"),
    .required("by", Shape<String>.reference.located, "The role.", example: "release-manager")
  ) { _, text, role in .comment(text: text, by: role) }

  private static let releaseIssue = Shape<Check.Kind>.object(
    "release-issue",
    "Passes when the release issue of the tag has all its boxes ticked. A generated workflow opens it with "
      + "the items of the checklists that come before a release.",
    .optional("open-for", .timeSpan, "How long ago it must have been opened.", example: "48h")
  ) { _, time in .releaseIssue(openFor: time) }

  private static let workflowRun = Shape<Check.Kind>.object(
    "workflow-run", "Passes when the newest run of a workflow on the default branch has succeeded, not too long ago.",
    .required("workflow", .resourceName, "The workflow's file name.", example: "shop-drill-rehearsal.yml"),
    .required("within", .timeSpan, "How long ago at most.", example: "30d")
  ) { _, file, time in .workflowRun(file: file, within: time) }

  private static let probe = Shape<Probe>.object(
    "probe", "HTTP requests that must all be answered as written.", exactlyOneOf: [["requests", "addresses"]],
    .defaulted(
      "requests", request.located.list(atLeast: 1), to: [], shown: nil,
      "Each is a method and a path, optionally a status (200 is the default) and `< DURATION`.",
      example: "[GET /health < 500ms]"),
    .defaulted("warm-up", .integer(0...10), to: 0, shown: "0", "How often each is sent first, without being judged."),
    .optional("bearer", .secretReference, "The secret that is sent as a bearer token.", example: "SMOKE_TOKEN"),
    .optional(
      "addresses", .secretReference,
      "The secret that holds whole addresses, separated by commas; each is asked by GET and must answer 200.",
      example: "SMOKE_URLS")
  ) { _, requests, warmUp, bearer, addresses in
    Probe(requests: requests, warmUp: warmUp, bearer: bearer, addresses: addresses)
  }

  static let request = Shape<Probe.Request>(
    schema: .string(
      pattern: "^ *(GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS) +/[A-Za-z0-9._~!$&()*+,;=:@/?%-]*( +[1-5][0-9]{2})?"
        + "( +< +\(timeSpanPattern))? *$",
      format: "a request such as `GET /health 200 < 500ms`")
  ) { node, reader in
    guard let text = Shape<String>.line.read(node, &reader) else { return nil }
    var words = text.split(separator: " ").map(String.init)[...]
    let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    func refuse(_ message: String) -> Probe.Request? {
      reader.sink.report(
        Diagnostic(
          code: "invalid-request", severity: .error, message: message, span: reader.document.span(of: node),
          help: ["write for example `GET /health`, `GET /health < 500ms` or `POST /v1/ping 201`"]))
      return nil
    }
    guard let method = words.popFirst(), methods.contains(method) else {
      return refuse("a request starts with a method: \(spelledList(methods))")
    }
    guard let path = words.popFirst(), path.hasPrefix("/"), isURLPath(path) else {
      return refuse("behind the method comes a path that starts with `/`, without spaces, quotes or control characters")
    }
    var status = 200
    if let word = words.first, let number = wholeNumber(word) {
      guard (100...599).contains(number) else { return refuse("`\(word)` is not an HTTP status") }
      status = number
      words = words.dropFirst()
    }
    var within: TimeSpan?
    if words.first == "<" {
      words = words.dropFirst()
      guard let word = words.popFirst(), let span = TimeSpan(word), span.milliseconds > 0 else {
        return refuse("behind `<` comes a length of time, such as `500ms`")
      }
      within = span
    }
    if let rest = words.first { return refuse("`\(rest)` does not belong to a request") }
    return Probe.Request(method: method, path: path, status: status, within: within, text: text)
  }

  /// Only characters that RFC 3986 allows in a path and query, so that the same bytes reach every shell and client.
  private static func isURLPath(_ path: String) -> Bool {
    let marks = Set("-._~!$&()*+,;=:@/?%".utf8)
    return path.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || marks.contains($0)
    }
  }

  private static let comparison = Shape<MetricComparison>.object(
    "compare", "Metrics that must be near a reference after the program has run.",
    .required(
      "metrics", Shape<String>.reference.located.list(atLeast: 1), "The metrics.", example: "[p95-latency, throughput]"),
    .required("within", percent.located, "How far they may be off, in percent.", example: "10%"),
    .defaulted(
      "of", .choice([("target", .target), ("slo", .slo)]), to: Threshold.Reference.target, shown: "target",
      "What they are compared with: the metric's `target` or its `slo`."),
    .defaulted("over", .timeSpan, to: .minutes(10), shown: "10m", "The window that is looked at.")
  ) { span, metrics, within, reference, over in
    MetricComparison(metrics: metrics, within: within, reference: reference, over: over, span: span)
  }

  private static let percent = Shape<Double>(
    schema: .string(pattern: "^[0-9]{1,9}(\\.[0-9]{1,9})?%$", format: "a percentage")
  ) { node, reader in
    if reader.document.kind(of: node) == .scalar,
      let quantity = QuantityText.quantity(reader.document.string(of: node)), quantity.unit == .percent
    {
      return quantity.value
    }
    reader.reportWrongType(node, expected: "a percentage, such as `10%`")
    return nil
  }

  private static let limits = Shape<[Findings.Limit]>.object(
    "at-most", "How many findings of each severity are let through.",
    .optional(
      "critical", Shape<Int>.integer(0...1_000_000).located, "Critical findings (CVSS 9.0 and more).", example: "0"),
    .optional("high", Shape<Int>.integer(0...1_000_000).located, "High findings (CVSS 7.0 to 8.9).", example: "5"),
    .optional("medium", Shape<Int>.integer(0...1_000_000).located, "Medium findings (CVSS 4.0 to 6.9).", example: "50"),
    .optional("low", Shape<Int>.integer(0...1_000_000).located, "Low findings (CVSS under 4.0).", example: "200")
  ) { _, critical, high, medium, low in
    zip(Findings.Severity.allCases, [critical, high, medium, low]).compactMap { severity, count in
      count.map { Findings.Limit(severity: severity, atMost: $0) }
    }
  }

  private static let findings = Shape<Findings>.object(
    "findings", "What the SARIF report that the program wrote may contain.",
    .required("sarif", .repositoryPath, "The report.", example: "build/scan.sarif"),
    .required("at-most", limits, "The limits.", example: "{ critical: 0 }")
  ) { span, sarif, limits in Findings(sarif: sarif, limits: limits, span: span) }

  static let kinds = [
    "github-checks", "no-open-issues", "stable-for", "pull-request-reviews", "confirm", "signed-tag",
    "release-issue", "comment", "workflow-run", "probe", "require", "run",
  ]

  static let shape = Shape<Check>(schema: parts.schema) { node, reader in
    guard let check = parts.read(node, &reader) else { return nil }
    let kindSpan = reader.document.entries(of: node).first { kinds.contains(reader.document.string(of: $0.key)) }
    return Check(
      title: check.title, kind: check.kind, timeout: check.timeout, span: check.span,
      kindSpan: kindSpan.map { reader.document.span(of: $0.key) } ?? check.span)
  }

  private static let parts = Shape<Check>.object(
    "check", "An atom that ends pass, fail or unknown. Unknown never counts as good.", exactlyOneOf: [kinds],
    .optional("title", .line, "What it is called for people.", example: "Smoke tests"),
    .optional(
      "github-checks", Shape<String>.line.located.list(), "Check runs or statuses of the commit that must be green.",
      example: "[lint, unit]"),
    .optional("no-open-issues", noOpenIssues, "No open issue with certain labels."),
    .optional("stable-for", stableFor, "An environment has been stable for some time."),
    .optional("pull-request-reviews", reviews, "The pull request is approved."),
    .optional(
      "confirm", .line, "What a person confirms by ticking a box in the pull request's description.",
      example: "Breaking changes are documented, or there are none."),
    .optional("signed-tag", signedTag, "The release runs from a signed tag."),
    .optional("release-issue", releaseIssue, "The release issue is done."),
    .optional("comment", comment, "Somebody with a role has said so."),
    .optional("workflow-run", workflowRun, "A workflow has succeeded lately."),
    .optional("probe", probe, "HTTP requests."),
    .optional(
      "require", ConditionReader.shape.list(), "Conditions on metrics that must all hold.",
      example: "[error-rate < 1% over 15m]"),
    .optional(
      "run", Shape<[String]>.program.located, "A program of the repository that passes with exit code 0.",
      example: "ops/integration.sh --all"),
    .defaulted(
      "secrets", Shape<Located<String>>.secretReference.list(), to: [], shown: "[]", "Secrets that `run` needs.",
      example: "[DATABASE_URL]"),
    .optional("compare", comparison, "Metrics that must be near a reference after `run`."),
    .optional("findings", findings, "Limits on the SARIF report that `run` wrote."),
    .defaulted("timeout", .timeSpan, to: .minutes(5), shown: "5m", "When it counts as unknown.")
  ) {
    span, title, gitHubChecks, issues, stable, reviews, confirm, tag, releaseIssue, comment, workflowRun, probe,
    require, run, secrets, comparison, findings, timeout in
    var kind = Check.Kind.require([])
    if let gitHubChecks { kind = .gitHubChecks(gitHubChecks) }
    if let issues { kind = .noOpenIssues(labels: issues) }
    if let stable { kind = stable }
    if let reviews { kind = reviews }
    if let confirm { kind = .confirm(confirm) }
    if let tag { kind = tag }
    if let releaseIssue { kind = releaseIssue }
    if let comment { kind = comment }
    if let workflowRun { kind = workflowRun }
    if let probe { kind = .probe(probe) }
    if let require { kind = .require(require) }
    if let run {
      kind = .run(ProgramCheck(command: run, secrets: secrets, comparison: comparison, findings: findings))
    }
    return Check(title: title, kind: kind, timeout: timeout, span: span, kindSpan: span)
  }
}
