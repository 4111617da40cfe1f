import Diagnostics
import ReleaseModel
import SpecShape

enum RolloutShape {
  private static let step = Shape<Rollout.Step>.object(
    "step", "A share of the traffic, held and judged.",
    .required("to", Shape<Int>.percentage.located, "The candidate's share.", example: "10%"),
    .required("hold", Shape<TimeSpan>.timeSpan.located, "How long it stays there.", example: "15m"),
    .defaulted(
      "require", ConditionReader.shape.list(), to: [], shown: "[]",
      "What must be true over the whole hold (or over the window that it names) at its end.",
      example: "[error-rate < 2%, p95-latency < 500ms]"),
    .defaulted(
      "fail-when", ConditionReader.shape.list(), to: [], shown: "[]",
      "Judged at every check of this step: any of these fails it.", example: "[error-rate > 0.2% for 2 checks]"),
    .optional(
      "on-failure", Shape<Int>.percentage.located,
      "Where the candidate falls back to when this step fails. `0%`, the default, is the rollback; the weight of an earlier "
        + "step is a rest, in which the release stays until a person decides or `rest-limit` is over.", example: "25%")
  ) { span, weight, hold, require, failWhen, onFailure in
    Rollout.Step(
      weight: weight, hold: hold, require: require, failWhen: failWhen, onFailure: onFailure, span: span)
  }

  private static let stabilise = Shape<Rollout.Stabilisation>.object(
    "stabilise", "Held at 100 % with the old version still there, before it goes away.",
    .required("hold", Shape<TimeSpan>.timeSpan.located, "How long.", example: "30m"),
    .defaulted(
      "require", ConditionReader.shape.list(), to: [], shown: "[]", "What must be true at its end.",
      example: "[error-rate < 0.1%]"),
    .defaulted(
      "verify", Shape<String>.reference.located.list(), to: [], shown: "[]",
      "Checks of the whole release, after the hold.", example: "[smoke, database-integrity]")
  ) { span, hold, require, verify in
    Rollout.Stabilisation(hold: hold, require: require, verify: verify, span: span)
  }

  private static let holdLimit = Field<TimeSpan>.defaulted(
    "hold-limit", .timeSpanOrZero, to: .minutes(30), shown: "30m",
    "How long a person may keep a release at the weight that it has (`rollout.sh hold`), in all. After that it is taken back. "
      + "`0s`: nobody can.")

  private static let canary = Shape<Rollout>.object(
    "canary", "The candidate gets the traffic in steps.",
    .defaulted("check-every", .timeSpan, to: .seconds(30), shown: "30s", "How often rollback conditions are judged."),
    .optional(
      "settle", .timeSpanOrZero,
      "No metric is judged before this long after a change of weight; default: the longest `over`, at most half the hold.",
      example: "1m"
    ),
    .defaulted(
      "no-data-limit", .timeSpanOrZero, to: .minutes(2), shown: "2m",
      "How long a condition may be unknown before the release is taken back for want of data."),
    .required(
      "verify", Shape<String>.reference.located.list(atLeast: 1),
      "Checks that the candidate must pass before it gets any traffic.", example: "[smoke]"),
    .required(
      "steps", step.list(atLeast: 1, mayRepeat: true), "The steps, ending at 100%.",
      example: "[{ to: 10%, hold: 15m }, { to: 100%, hold: 30m }]"),
    .defaulted(
      "rest-limit", .timeSpan, to: .hours(1), shown: "1h",
      "How long the release may rest at an earlier weight before it is taken back."),
    holdLimit,
    .optional("stabilise", stabilise, "A time at 100 % in which the old version stays ready.")
  ) { span, every, settle, noData, verify, steps, restLimit, holdLimit, stabilise in
    let longest = steps.flatMap(\.require).compactMap { $0.metric?.over?.value }.max() ?? every
    let shortestHold = steps.map(\.hold.value).min() ?? every
    let bound = TimeSpan(milliseconds: shortestHold.milliseconds / 2)
    var rollout = Rollout(
      strategy: .canary, checkEvery: every, settle: settle ?? min(longest, bound), noDataLimit: noData, verify: verify,
      steps: steps, span: span)
    rollout.restLimit = restLimit
    rollout.holdLimit = holdLimit
    rollout.stabilisation = stabilise
    return rollout
  }

  private static let rolling = Shape<Rollout>.object(
    "rolling", "The platform replaces the old version by the new one, then the new one is watched.",
    .defaulted("check-every", .timeSpan, to: .seconds(30), shown: "30s", "How often rollback conditions are judged."),
    .optional(
      "settle", .timeSpanOrZero, "No metric is judged before this long; default: a minute, at most half the watch.",
      example: "1m"),
    .defaulted(
      "no-data-limit", .timeSpanOrZero, to: .minutes(2), shown: "2m",
      "How long a condition may be unknown before the release is taken back for want of data."),
    .required(
      "verify", Shape<String>.reference.located.list(atLeast: 1),
      "Checks that the new version must pass as soon as it is live.", example: "[health]"),
    .required("watch", Shape<TimeSpan>.timeSpan.located, "How long it is watched.", example: "15m"),
    .defaulted(
      "require", ConditionReader.shape.list(), to: [], shown: "[]", "What must be true at the end of the watch.",
      example: "[error-rate < 2%]"),
    holdLimit
  ) { span, every, settle, noData, verify, watch, require, holdLimit in
    let step = Rollout.Step(
      weight: Located(100, at: watch.span), hold: watch, require: require, span: watch.span)
    var rollout = Rollout(
      strategy: .rolling, checkEvery: every,
      settle: settle ?? min(.minutes(1), TimeSpan(milliseconds: watch.value.milliseconds / 2)), noDataLimit: noData,
      verify: verify, steps: [step], span: span)
    rollout.holdLimit = holdLimit
    return rollout
  }

  private static let blueGreen = Shape<Rollout>.object(
    "blue-green", "The new version comes up beside the old one and is verified; then one switch moves all traffic.",
    .defaulted("check-every", .timeSpan, to: .seconds(30), shown: "30s", "How often rollback conditions are judged."),
    .optional(
      "settle", .timeSpanOrZero,
      "No metric is judged before this long after the switch; default: a minute, at most half the watch.",
      example: "1m"),
    .defaulted(
      "no-data-limit", .timeSpanOrZero, to: .minutes(2), shown: "2m",
      "How long a condition may be unknown before the release is taken back for want of data."),
    .defaulted(
      "ready-within", .timeSpan, to: .minutes(10), shown: "10m",
      "How long the new version may take until it can serve. After that it is taken away, and the old one stays."),
    .required(
      "verify", Shape<String>.reference.located.list(atLeast: 1),
      "Checks that the new version must pass before the switch.", example: "[smoke]"),
    .required(
      "watch", Shape<TimeSpan>.timeSpan.located,
      "How long the new version is watched after the switch. The old one stays beside it until then, and the way back is "
        + "the same switch.", example: "15m"),
    .defaulted(
      "require", ConditionReader.shape.list(), to: [], shown: "[]", "What must be true at the end of the watch.",
      example: "[error-rate < 2%]"),
    holdLimit
  ) { span, every, settle, noData, readyWithin, verify, watch, require, holdLimit in
    let step = Rollout.Step(
      weight: Located(100, at: watch.span), hold: watch, require: require, span: watch.span)
    var rollout = Rollout(
      strategy: .blueGreen, checkEvery: every,
      settle: settle ?? min(.minutes(1), TimeSpan(milliseconds: watch.value.milliseconds / 2)), noDataLimit: noData,
      verify: verify, steps: [step], span: span, readyWithin: readyWithin)
    rollout.holdLimit = holdLimit
    return rollout
  }

  static let shape = Shape<Rollout>.variant(
    "rollout", "How traffic reaches the new version.",
    [
      Variant("canary", "In steps, each held and judged.", canary),
      Variant("rolling", "By the platform's own rolling update, then watched.", rolling),
      Variant("blue-green", "By one switch, once the new version is up and verified beside the old one.", blueGreen),
    ])
}

enum RollbackShape {
  private static let database = Shape<(String, Rollback.DatabaseBranch?)>.object(
    "migrations", "What happens to the database, decided by a check before it is changed.",
    .required(
      "compatible", Shape<String>.reference.located,
      "The check that passes when the version before can work with the new schema. It is asked before the migration; while "
        + "it is unknown, nothing starts.", example: "migration-compatibility"),
    .required(
      "otherwise", Shape<[String]>.program.located,
      "The program that takes the schema back when it cannot, before the traffic goes back.",
      example: "ops/rollback-database.sh"),
    .optional(
      "last-resort", Shape<[String]>.program.located, "What a person runs when that fails, too.",
      example: "ops/restore.sh --point-in-time"),
    .defaulted(
      "secrets", Shape<Located<String>>.secretReference.list(), to: [], shown: "[]", "Secrets that the programs need.",
      example: "[DATABASE_URL]"),
    .defaulted("timeout", .timeSpan, to: .minutes(15), shown: "15m", "When the program has failed."),
    .required(
      "text", .line, "What the runbook and the incident note say about it.",
      example: "Keep a compatible schema; otherwise run the rollback plan of the database.")
  ) { span, compatible, otherwise, lastResort, secrets, timeout, text in
    (
      text,
      Rollback.DatabaseBranch(
        compatible: compatible, otherwise: otherwise, lastResort: lastResort, secrets: secrets, timeout: timeout,
        span: span)
    )
  }

  private static let stages = Shape<Rollback.Stages>.object(
    "stages", "A reverse rollout: the version before gets the traffic in shares, each watched.",
    .required(
      "to", Shape<Int>.percentage.located.list(atLeast: 1, mayRepeat: true),
      "The shares of the version before, ending at 100%.",
      example: "[25%, 50%, 100%]"),
    .required("watch", .timeSpan, "How long each is watched.", example: "5m")
  ) { span, weights, watch in Rollback.Stages(weights: weights, watch: watch, span: span) }

  private static let incident = Shape<Rollback.Incident>.object(
    "incident", "The note that a rollback leaves on the pull request, and the issue that it opens.",
    .defaulted("labels", Shape<String>.line.list(), to: [], shown: "[]", "Labels of the issue.", example: "[sev-2]"),
    .required(
      "follow-up", .line, "What has to happen next; it ends the note.",
      example: "Find the root cause before the next attempt.")
  ) { _, labels, followUp in Rollback.Incident(labels: labels, followUp: followUp) }

  static let shape = Shape<Rollback>.object(
    "rollback", "When and how a version is taken back. Never bound to an approval, a window or a queue.",
    .required(
      "when", ConditionReader.shape.list(atLeast: 1), "Any of these takes the version back.",
      example: "[error-rate > 5% over 5m]"),
    .required(
      "verify", Shape<String>.reference.located.list(atLeast: 1),
      "Checks that the version before must pass afterwards.", example: "[smoke]"
    ),
    .defaulted(
      "recovered", ConditionReader.shape.list(), to: [], shown: "[]",
      "What must become true again once it has the traffic; it is waited for.", example: "[error-rate < 1% over 5m]"),
    .optional(
      "migrations", .scalar(Shape<String>.line.map { text, _, _ in (text, nil) }, or: database),
      "What happens to the database: a sentence for people, or a branch that a check decides.",
      example: "Keep the schema; its expand stage is backward compatible."),
    .optional("incident", incident, "The note and the issue that a rollback leaves."),
    .optional("stages", stages, "How a person takes back what was fully promoted, a share of the traffic at a time."),
    .optional(
      "detection-budget", Shape<TimeSpan>.timeSpan.located,
      "The longest that a bad version may be live until what is under `when` takes it back, at worst. `liftlock plan` shows "
        + "what it comes to.", example: "15m"),
    .optional(
      "exposure-budget", Shape<TimeSpan>.timeSpan.located,
      "The most that a bad version may be exposed, at worst, as time with all of the traffic: half a minute at 10% counts "
        + "three seconds.", example: "5m")
  ) { span, when, verify, recovered, migrations, incident, stages, detection, exposure in
    var rollback = Rollback(
      when: when, verify: verify, recovered: recovered, migrations: migrations?.0, incident: incident, span: span)
    rollback.database = migrations?.1
    rollback.stages = stages
    rollback.detectionBudget = detection
    rollback.exposureBudget = exposure
    return rollback
  }
}

enum PromotionShape {
  private static let words = Shape<PromotionCell>.choice(
    [("required", .required), ("recommended", .recommended), ("optional", .optional)]
  ) { word in
    TimeSpan(word) != nil
      ? "how long it must have been live before, for the criterion `soak`, is `{ required: \(word) }`"
      : "who has to approve, for the criterion `approvals`, is a list of roles: `[\(word)]`"
  }

  private static let mapping = Shape<PromotionCell>.object(
    "cell", "A cell that needs more than a word.",
    exactlyOneOf: [["not-applicable", "required-for", "required", "recommended", "approvals"]],
    .optional(
      "not-applicable", .line, "Why the criterion does not apply here.",
      example: "Nobody uses staging, so nothing can be measured there."),
    .optional(
      "required-for", .choice([("candidates", true)]), "Required when the ref is a release candidate.",
      example: "candidates"),
    .optional("otherwise", .choice([("optional", true)]), "What it is for any other ref.", example: "optional"),
    .optional(
      "required", .timeSpan,
      "For the criterion `soak`: how long the version must have been live in the environment before.",
      example: "24h"),
    .optional("recommended", .timeSpan, "The same, reported and not blocking.", example: "24h"),
    .optional(
      "approvals", role.list(atLeast: 1, mayRepeat: true),
      "For the criterion `approvals`: who, when there is more to say about it.",
      example: "[release-manager, tech-lead]"),
    .optional(
      "within", Shape<TimeSpan>.timeSpan.located, "How long a run may wait for them before it counts as rejected.",
      example: "24h")
  ) { _, reason, _, _, required, recommended, approvals, within in
    if let reason { return .notApplicable(reason: reason) }
    if let required { return .soak(required, isRequired: true) }
    if let recommended { return .soak(recommended, isRequired: false) }
    guard let approvals else { return .requiredForCandidates }
    return .approvals(approvals.map { ApprovalRequirement(anyOf: $0.anyOf, within: within, span: $0.span) })
  }

  static let role = Shape<ApprovalRequirement>.scalar(
    Shape<String>.reference.located.map { role, _, _ in ApprovalRequirement(anyOf: [role], span: role.span) },
    or: .object(
      "approval", "One approval that any of several roles can give.",
      .required(
        "any-of", Shape<String>.reference.located.list(atLeast: 1), "The roles.", example: "[product, operations]")
    ) { span, roles in ApprovalRequirement(anyOf: roles, span: span) })

  private static let approvals = role.list(mayRepeat: true).map { roles, _, _ in PromotionCell.approvals(roles) }

  static let cell = Shape<PromotionCell>.sequence(approvals, or: .scalar(words, or: mapping)).located

  static let shape = cell.named("environment", keyPattern: .word, placeholder: "environment").map { cells, _, _ in
    PromotionRow(cells: cells)
  }
  .named("criterion", keyPattern: .word, placeholder: "criterion")
}
