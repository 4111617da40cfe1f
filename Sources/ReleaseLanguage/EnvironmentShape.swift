import DeployDrivers
import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

enum EnvironmentShape {
  /// An environment as written; what needs other parts of the spec (candidates, strategy) is filled in by `resolve`.
  struct Written: Sendable {
    let summary: String?
    let after: Located<String>?
    let trigger: TriggerShape.Written
    let url: Located<String>?
    let runsOn: [String]
    let window: ChangeWindow?
    let before: [Located<String>]
    let migration: Migration?
    let driver: Located<DriverChoice>
    let rollout: Rollout
    let verify: [Located<String>]
    let report: [Located<String>]
    let decision: Decision?
    let rollback: Rollback?
    let span: Span
  }

  private static let migration = Shape<Migration>.object(
    "migrate", "A change of the database that goes before the version that needs it.",
    .required("run", Shape<[String]>.program.located, "The program.", example: "ops/migrate.sh --stage expand"),
    .defaulted(
      "secrets", Shape<Located<String>>.secretReference.list(), to: [], shown: "[]", "Secrets that it needs.",
      example: "[DATABASE_URL]"),
    .required(
      "destructive", .boolean, "Whether it takes away what the version before still uses.", example: "false"),
    .defaulted("timeout", .timeSpan, to: .minutes(10), shown: "10m", "When it is stopped.")
  ) { span, command, secrets, destructive, timeout in
    Migration(command: command, secrets: secrets, isDestructive: destructive, timeout: timeout, span: span)
  }

  private static let decision = Shape<Decision>.object(
    "decision", "A go or no-go that a person records once the environment has proved a version.",
    .required("by", Shape<String>.reference.located, "The role that decides.", example: "service-owner"),
    .required("record", .line, "What is decided.", example: "go or no-go for prod")
  ) { _, role, text in Decision(role: role, text: text) }

  static let shape = Shape<Written>.object(
    "environment", "Where a version runs, how it gets there and how it leaves again.",
    .optional("summary", .line, "What it is for.", example: "Customer-facing."),
    .optional(
      "after", Shape<String>.reference.located, "The environment that must have proved a version first.",
      example: "staging"),
    .required("on", TriggerShape.shape, "What starts a release into it.", example: "{ tag: \"v*-rc.*\" }"),
    .optional(
      "url", Shape<String>.httpsAddress.located, "Where its users reach it.", example: "https://api.acme.example"),
    .defaulted(
      "runs-on", Shape<String>.line.oneOrMany(), to: ["ubuntu-24.04"], shown: "ubuntu-24.04", "The runner's labels."),
    .optional("window", WindowShape.shape, "When a change may run. Rollback is never bound to it."),
    .defaulted(
      "before", Shape<String>.reference.located.list(), to: [], shown: "[]",
      "Checks that must pass before anything is touched, whatever the matrix says.", example: "[no-incidents, backup]"),
    .optional("migrate", migration, "A change of the database."),
    .required("deploy", DriverCatalogue.shape.located, "The platform and what the service is called there."),
    .required("rollout", RolloutShape.shape, "How traffic reaches the new version."),
    .defaulted(
      "verify", Shape<String>.reference.located.list(), to: [], shown: "[]",
      "Checks that are run here after the rollout. What they found is recorded, and promotions ask for it.",
      example: "[smoke, integration]"),
    .defaulted(
      "report", Shape<String>.reference.located.list(), to: [], shown: "[]",
      "Checks that are run and recorded like those of `verify` but stop nothing: what a promotion only recommends.",
      example: "[performance]"),
    .optional("decision", decision, "A decision that is recorded at the end."),
    .optional("rollback", RollbackShape.shape, "When and how a version is taken back.")
  ) {
    span, summary, after, trigger, url, runsOn, window, before, migration, driver, rollout, verify, report, decision,
    rollback in
    Written(
      summary: summary, after: after, trigger: trigger, url: url, runsOn: runsOn, window: window, before: before,
      migration: migration, driver: driver, rollout: rollout, verify: verify, report: report, decision: decision,
      rollback: rollback, span: span)
  }
}

enum TriggerShape {
  /// Tags as written: a pattern, or the word `candidates`.
  struct Written: Sendable {
    let push: Trigger.Push?
    let tags: [Located<TagPattern>]
    let manualTags: [Located<TagPattern>]?
    let span: Span
  }

  private static let tags = CandidatesShape.tag.oneOrMany()

  private static let push = Shape<Trigger.Push>.object(
    "push", "A push to a branch.",
    .required("branches", Shape<String>.branch.located.list(atLeast: 1), "The branches.", example: "[main]"),
    .defaulted(
      "paths", Shape<String>.line.list(), to: [], shown: "[]", "Only pushes that touch these paths.",
      example: "[backend/**]")
  ) { span, branches, paths in Trigger.Push(branches: branches, paths: paths, span: span) }

  private static let manualTags = Shape<[Located<TagPattern>]>.object(
    "manual", "A person starts it, from a tag.",
    .required("tag", tags, "The pattern of the tag, or `candidates`.", example: "candidates")
  ) { _, tags in tags }

  private static let manualAlways = Shape<[Located<TagPattern>]>(schema: .enumeration(["true"])) { node, reader in
    guard let value = Shape<Bool>.boolean.read(node, &reader) else { return nil }
    if value { return [] }
    reader.sink.report(
      Diagnostic(
        code: "wrong-type", severity: .error, message: "`manual` is either `true` or not there",
        span: reader.document.span(of: node)))
    return nil
  }

  static let shape = Shape<Written>.object(
    "trigger", "What starts a release into an environment.",
    .optional("push", push, "A push to a branch."),
    .optional("tag", tags, "A pushed tag: a pattern, or `candidates`.", example: "[v*, \"!v*-*\"]"),
    .optional(
      "manual", .scalar(manualAlways, or: manualTags), "A person starts it from the Actions page or with `gh`.",
      example: "true")
  ) { span, push, tags, manual in Written(push: push, tags: tags ?? [], manualTags: manual, span: span) }
}

enum WindowShape {
  private static let clock = Shape<ChangeWindow.Clock>(
    schema: .string(pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", format: "a time of day such as \"02:00\"")
  ) { node, reader in
    guard reader.document.kind(of: node) == .scalar else {
      reader.reportWrongType(node, expected: "a time of day, such as \"02:00\"")
      return nil
    }
    let text = reader.document.string(of: node)
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hours = wholeNumber(parts[0]),
      let minutes = wholeNumber(parts[1]),
      (0..<24).contains(hours), (0..<60).contains(minutes)
    {
      return ChangeWindow.Clock(minutes: hours * 60 + minutes)
    }
    reader.sink.report(
      Diagnostic(
        code: "invalid-time", severity: .error, message: "`\(text)` is not a time of day",
        span: reader.document.span(of: node), help: ["write hours and minutes, such as \"02:00\""]))
    return nil
  }

  static let zone = Shape<String>.line.map { text, node, reader -> String? in
    if TimeZoneNames.contains(text) { return text }
    let name = TimeZoneNames.intended(by: text)
    let isOld = TimeZoneNames.isOld(text)
    let span = reader.document.span(of: node)
    reader.sink.report(
      Diagnostic(
        code: "invalid-time", severity: .error,
        message: isOld ? "`\(text)` is the old name of a time zone" : "there is no time zone `\(text)`", span: span,
        label: name.map { isOld ? "it is called `\($0)` now" : "did you mean `\($0)`?" },
        notes: [
          isOld
            ? "systems leave old names out more and more, and take one that they do not know for UTC"
            : "a system takes a zone that it does not know for UTC, and nobody would hear of it"
        ],
        help: name == nil
          ? ["write the largest city near by with its continent, such as `Europe/Berlin`, or `UTC`"] : [],
        fixes: name.map {
          [
            Diagnostic.Fix(
              title: "write `\($0)`", isSafe: false, edits: [Diagnostic.Edit(span: span, replacement: $0)])
          ]
        } ?? []))
    return nil
  }.called(
    "a name of the time zone database, such as `UTC` or `Europe/Berlin`", pattern: "^[A-Za-z][A-Za-z0-9_+/-]*$")

  static let day = Shape<ChangeWindow.Day>.choice(ChangeWindow.Day.allCases.map { ("\($0)", $0) })

  private static let monthly = Shape<(week: Int, day: ChangeWindow.Day)>.object(
    "monthly", "One day of each month.",
    .required(
      "week", .choice(ChangeWindow.weeks.enumerated().map { ($1, $0 + 1) }), "Which of these days in the month.",
      example: "first"),
    .required("day", day, "The day of the week.", example: "tue")
  ) { _, week, day in (week, day) }

  static let shape = Shape<ChangeWindow>.object(
    "window", "When a change may run: it must be done before the window closes.", exactlyOneOf: [["days", "monthly"]],
    .optional("days", .list(of: day), "The days of the week.", example: "[mon, tue, wed, thu]"),
    .optional("monthly", monthly, "One day of each month.", example: "{ week: first, day: tue }"),
    .required("from", clock, "When it opens.", example: "\"02:00\""),
    .required("to", clock, "When it closes; earlier than `from` means on the next day.", example: "\"06:00\""),
    .required("zone", zone, "The time zone.", example: "UTC"),
    .optional("notice", .timeSpan, "How long before it opens it is announced, by `maintenance` events.", example: "7d")
  ) { span, days, monthly, from, to, zone, notice in
    ChangeWindow(
      days: days ?? monthly.map { [$0.day] } ?? [], week: monthly?.week, notice: notice, from: from, to: to, zone: zone,
      span: span)
  }
}

extension Shape where Value == [ChangeWindow.Day] {
  fileprivate static func list(of day: Shape<ChangeWindow.Day>) -> Shape<[ChangeWindow.Day]> { day.list(atLeast: 1) }
}
