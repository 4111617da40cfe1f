import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

/// One requirement of a policy: which environments, why, and exactly one thing that is asked.
enum PolicyRequirementShape {
  private static let strictness = Shape<Strictness>.choice(
    Strictness.allCases.filter { $0 > .notApplicable }.reversed().map { ($0.word, $0) })

  private static let promotion = strictness.named("criterion", keyPattern: .wildcard, placeholder: "criterion")
    .map { map, _, _ in
      map.readable.map { Policy.Criterion(name: Wildcard($0.name.value), atLeast: $0.value) }
    }

  private static let approvals = Shape<Policy.Demand>.object(
    "required approvals", "How many people approve, and who they are.",
    .required("at-least", .integer(1...6), "As many different people.", example: "2"),
    .defaulted(
      "by", PolicyShape.wildcard.oneOrMany(), to: [], shown: nil,
      "Only approvals count that nobody else can give: every reviewer of their roles matches one of these, a user or a team as "
        + "`organisation/team`. Left out: anybody.", example: "\"acme/*-owners\"")
  ) { _, count, by in .approvals(count: count, by: by) }

  private static let rotation = Shape<(standard: TimeSpan, high: TimeSpan)>.scalar(
    Shape<TimeSpan>.timeSpan.map { time, _, _ in (time, time) },
    or: .object(
      "required rotation", "How often secrets are replaced, by their risk.",
      .required("standard", .timeSpan, "Those of standard risk, at least so often.", example: "90d"),
      .required("high", .timeSpan, "Those of high risk, at least so often.", example: "30d")
    ) { _, standard, high in (standard, high) })

  private static let window = Shape<Policy.WindowDemand>.scalar(
    .choice([("required", Policy.WindowDemand(days: [], atMost: nil))]),
    or: .object(
      "required window", "What a change window must be like.",
      .defaulted(
        "days", WindowShape.day.list(atLeast: 1), to: [], shown: nil, "It is open on these days of the week only.",
        example: "[mon, tue, wed, thu]"),
      .optional("at-most", .timeSpan, "It is open for so long at most.", example: "8h")
    ) { _, days, length in Policy.WindowDemand(days: days, atMost: length) })

  private static let freeze = Shape<Policy.FreezeDemand>.object(
    "required freeze", "Days on which a spec must not let a release start.",
    .required("from", FreezeShape.day, "The first day.", example: "\"12-24\""),
    .required("to", FreezeShape.day, "The last day; earlier than `from` means in the next year.", example: "\"12-26\"")
  ) { _, from, to in Policy.FreezeDemand(from: from, to: to) }
  .map { freeze, node, reader in
    if (freeze.from.year == nil) == (freeze.to.year == nil),
      freeze.from.year == nil || freeze.from.number <= freeze.to.number
    {
      return freeze
    }
    reader.sink.report(
      Diagnostic(
        code: "invalid-time", severity: .error,
        message: (freeze.from.year == nil) == (freeze.to.year == nil)
          ? "this freeze ends before it begins" : "one of these days is of every year, the other of one year",
        span: reader.document.span(of: node), help: ["write both with the year, or both without"]))
    return nil
  }

  // MARK: - Conditions

  private struct WrittenCondition: Sendable {
    let metric: Wildcard?
    let unit: MetricUnit?
    let better: Metric.Direction?
    let check: Wildcard?
    let atMost: Quantity?
    let atLeast: Quantity?
    let span: Span
  }

  private static let condition = Shape<WrittenCondition>.object(
    "required condition",
    "A rollback condition that there must be: on a metric with all that is said of it, or on a check that fails.",
    .optional("metric", PolicyShape.wildcard, "The name of the metric.", example: "\"error-rate*\""),
    .optional(
      "unit", .choice(MetricUnit.allCases.map { ($0.rawValue, $0) }), "The metric's unit.", example: "percent"),
    .optional(
      "better", .choice([("lower", .lower), ("higher", .higher)]), "Which values of the metric are good.",
      example: "lower"),
    .optional("check", PolicyShape.wildcard, "The name of the check that fails.", example: "\"*health*\""),
    .optional(
      "at-most", QuantityText.shape, "It takes the version back above this value, or sooner.", example: "5%"),
    .optional(
      "at-least", QuantityText.shape, "It takes the version back below this value, or sooner.", example: "95%")
  ) { span, metric, unit, better, check, atMost, atLeast in
    WrittenCondition(
      metric: metric, unit: unit, better: better, check: check, atMost: atMost, atLeast: atLeast, span: span)
  }

  private static let rollback = condition.map { written, node, reader -> Policy.RollbackDemand? in
    func refuse(_ message: String, _ help: String, code: String = "conflicting-keys") {
      reader.sink.report(
        Diagnostic(
          code: code, severity: .error, message: message, span: reader.document.span(of: node), help: [help]))
    }
    let isAboutMetric =
      written.metric != nil || written.unit != nil || written.better != nil || written.atMost != nil
      || written.atLeast != nil
    if let check = written.check {
      if !isAboutMetric {
        return Policy.RollbackDemand(
          subject: .check(check), limit: nil,
          words: check == .every ? "a check that fails" : "the check `\(check)` fails", span: written.span)
      }
      refuse("a condition is about a check or about a metric", "write two conditions, or leave `check` out")
      return nil
    }
    if !isAboutMetric {
      refuse(
        "this says nothing of the condition that there must be",
        "write for example `{ unit: percent, better: lower, at-most: 5% }` or `{ check: \"*health*\" }`",
        code: "missing-key")
      return nil
    }
    if written.atMost != nil, written.atLeast != nil || written.better == .higher {
      refuse(
        "`at-most` is a limit for a metric of which lower is better", "write `at-least` where higher values are good")
      return nil
    }
    if written.atLeast != nil, written.better == .lower {
      refuse(
        "`at-least` is a limit for a metric of which higher is better", "write `at-most` where lower values are good")
      return nil
    }
    let better = written.better ?? (written.atMost != nil ? .lower : written.atLeast != nil ? .higher : nil)
    return Policy.RollbackDemand(
      subject: .metric(written.metric, unit: written.unit, better: better), limit: written.atMost ?? written.atLeast,
      words: words(written, better), span: written.span)
  }

  private static func words(_ written: WrittenCondition, _ better: Metric.Direction?) -> String {
    var text = written.metric.map { "the metric `\($0)`" } ?? "a metric"
    if let unit = written.unit { text += " in `\(unit.rawValue)`" }
    if let better { text += " of which \(better.rawValue) is better" }
    if let limit = written.atMost { text += ", above \(limit) or sooner" }
    if let limit = written.atLeast { text += ", below \(limit) or sooner" }
    return text
  }

  // MARK: - The requirement

  private static let kinds = [
    "promotion", "soak", "approvals", "strategy", "first-step", "hold", "rollback-when", "detection-budget",
    "exposure-budget", "rotate", "window", "freezes", "notify",
  ]

  static let shape = Shape<Policy.Requirement?>.object(
    "requirement", "One thing that is asked of some environments of every service.", exactlyOneOf: [kinds],
    .required(
      "in", PolicyShape.wildcard.oneOrMany(), "The environments, by name; `every` means all of them.", example: "prod*"),
    .defaulted(
      "hotfix", .boolean, to: true, shown: "true", "Whether it is asked of the hotfix way into them, too."),
    .optional(
      "because", .line, "Why; whoever is told of a finding reads it.",
      example: "In March an untested version reached customers."),
    .optional(
      "promotion", promotion,
      "Cells of the promotion matrix, each at least so strict. A check that stands in `before` of the environment counts as "
        + "`required`. Of several criteria that a pattern takes, the strictest counts.",
      example: "{ ci: required, \"*smoke*\": required }"),
    .optional(
      "soak", .timeSpan,
      "So long live in the environment before, at least, and blocking; asked where there is one before.",
      example: "24h"),
    .optional("approvals", approvals, "People who approve."),
    .optional(
      "strategy", Shape<Rollout.Strategy>.choice(Rollout.Strategy.allCases.map { ($0.rawValue, $0) }).oneOrMany(),
      "How traffic may reach a new version.", example: "[canary, blue-green]"),
    .optional(
      "first-step", Shape<Int>.percentage,
      "The first step of a canary has so much of the traffic at most. Other rollouts have no steps: `strategy` says whether "
        + "they may be.", example: "10%"),
    .optional(
      "hold", .timeSpan, "Every step of a rollout is held, or the new version watched, at least so long.", example: "5m"
    ),
    .optional(
      "rollback-when", rollback.oneOrMany(), "Conditions that take a version back; each of them must be there."),
    .optional(
      "detection-budget", .timeSpan,
      "Whatever is watched takes a bad version back so soon, at worst, whether or not the spec has a budget of its own. "
        + "`liftlock plan` shows what it comes to.", example: "30m"),
    .optional(
      "exposure-budget", .timeSpan,
      "A bad version is exposed so much at most, at worst, as time with all of the traffic: half a minute at 10% counts three "
        + "seconds.", example: "10m"),
    .optional("rotate", rotation, "Secrets are replaced at least so often.", example: "90d"),
    .optional("window", window, "A change window.", example: "required"),
    .optional("freezes", freeze.oneOrMany(), "Days on which no release starts."),
    .optional(
      "notify", NotifyShape.event.list(atLeast: 1), "Events of which somebody is told.",
      example: "[rolled-back, rollback-failed]")
  ) {
    span, environments, hotfix, because, promotion, soak, approvals, strategies, firstStep, hold, rollback, detection,
    exposure, rotation, window, freezes, events in
    var demand = approvals
    if let promotion { demand = .promotion(promotion) }
    if let soak { demand = .soak(soak) }
    if let strategies { demand = .strategies(strategies) }
    if let firstStep { demand = .firstStep(firstStep) }
    if let hold { demand = .hold(hold) }
    if let rollback { demand = .rollback(rollback) }
    if let detection { demand = .detection(detection) }
    if let exposure { demand = .exposure(exposure) }
    if let rotation { demand = .rotation(standard: rotation.standard, high: rotation.high) }
    if let window { demand = .window(window) }
    if let freezes { demand = .freezes(freezes) }
    if let events { demand = .notifications(events) }
    // What is asked was written, but not readably.
    return demand.map {
      Policy.Requirement(
        environments: environments, includesHotfixes: hotfix, because: because, demand: $0, span: span)
    }
  }
  .map { requirement, _, _ in requirement }
}
