import DeployDrivers
import Diagnostics
import ReleaseModel
import SpecShape

/// Finds what every name means, fills in what depends on other parts, and reports names that mean nothing.
enum NameResolution {
  static func resolve(_ written: ReleaseSpecShape.Written, _ reader: inout SpecReader) -> ReleaseSpec {
    let environments = NamedMap<EnvironmentSpec>(
      entries: written.environments.entries.map { entry in
        .init(name: entry.name, value: entry.value.map { environment($0, written.candidates, &reader) })
      }, span: written.environments.span)
    var spec = ReleaseSpec(
      service: written.service, summary: written.summary, artifact: written.artifact, candidates: written.candidates,
      roles: written.roles, secrets: written.secrets, sources: written.sources, metrics: written.metrics,
      checks: written.checks, beforeMerge: written.beforeMerge, environments: environments,
      promotion: written.promotion, evidence: written.evidence, broken: reader.broken)
    spec.notifications = written.notifications
    spec.checklists = written.checklists
    spec.freezes = written.freezes
    spec.hotfix = written.hotfix
    spec.drills = written.drills
    spec.readiness = written.readiness
    spec.rotation = written.rotation
    spec.backup = written.backup
    spec.guidance = written.guidance
    spec.slos = written.slos
    spec.alerts = written.alerts
    var names = NameChecker(spec: spec, file: reader.document.file, brokenSections: brokenSections(reader))
    names.checkAll()
    for diagnostic in names.problems { reader.sink.report(diagnostic) }
    var units = UnitChecker(spec: spec)
    units.checkAll()
    for diagnostic in units.problems { reader.sink.report(diagnostic) }
    // After the names were looked up: what comes of it is made of what was written, and needs no finding of its own.
    HotfixExpansion(written: written).expand(&spec)
    return spec
  }

  /// The keys at the top level whose values could not be read.
  private static func brokenSections(_ reader: SpecReader) -> Set<String> {
    let top = reader.document.span(of: reader.document.root)
    return Set(reader.broken.filter { $0.object == top }.map(\.field))
  }

  private static func environment(
    _ written: EnvironmentShape.Written, _ candidates: Located<TagPattern>?, _ reader: inout SpecReader
  ) -> EnvironmentSpec {
    func pattern(_ tag: Located<TagPattern>, _ reader: inout SpecReader) -> Located<TagPattern>? {
      guard tag.value.filter == "candidates" else { return tag }
      if let candidates { return Located(candidates.value, at: tag.span) }
      if brokenSections(reader).contains("candidates") { return nil }
      reader.sink.report(
        Diagnostic(
          code: "unknown-name", severity: .error, message: "nothing says what a release candidate is",
          span: tag.span, help: ["add `candidates: { tag: \"v*-rc.*\" }` at the top level"]))
      return nil
    }
    var tags: [Located<TagPattern>] = []
    for tag in written.trigger.tags { if let tag = pattern(tag, &reader) { tags.append(tag) } }
    var manual: Trigger.Manual?
    if let manualTags = written.trigger.manualTags {
      var resolved: [Located<TagPattern>] = []
      for tag in manualTags { if let tag = pattern(tag, &reader) { resolved.append(tag) } }
      manual = Trigger.Manual(tags: resolved, span: written.trigger.span)
    }
    return EnvironmentSpec(
      summary: written.summary, after: written.after,
      trigger: Trigger(push: written.trigger.push, tags: tags, manual: manual, span: written.trigger.span),
      url: written.url, runsOn: written.runsOn, window: written.window, before: written.before,
      migration: written.migration,
      target: written.driver.value.target(for: written.rollout), deploySpan: written.driver.span,
      rollout: written.rollout, verify: written.verify, report: written.report, decision: written.decision,
      rollback: written.rollback,
      span: written.span)
  }
}

/// Every reference, one by one.
private struct NameChecker {
  let spec: ReleaseSpec
  /// What is declared in these is not known, so that no name can be called unknown.
  let brokenSections: Set<String>
  var problems: [Diagnostic] = []
  /// The declared names of each kind. Made once: a large spec names thousands of them in as many places.
  private let declared: [String: [String]]
  private let sets: [String: Set<String>]

  private let file: SourceFile

  init(spec: ReleaseSpec, file: SourceFile, brokenSections: Set<String>) {
    self.spec = spec
    self.file = file
    self.brokenSections = brokenSections
    let checks = spec.checks.names
    declared = [
      "environment": spec.environments.names, "secret": spec.secrets.names, "role": spec.roles.names,
      "metric": spec.metrics.names, "source": spec.sources.names, "drill": spec.drills.names,
      "criterion": spec.promotion.names, "check": checks, "row": checks + [approvalsCriterion, soakCriterion],
    ]
    sets = declared.mapValues(Set.init)
  }

  mutating func checkAll() {
    for entry in spec.environments.entries { checkIsFree(entry.name) }
    for (_, secret) in spec.secrets.readable {
      for name in secret.environments { require(name, "environment") }
    }
    for (_, source) in spec.sources.readable {
      for name in source.kind.secrets {
        require(written(name, in: source.span), "secret")
      }
    }
    for (name, metric) in spec.metrics.readable { check(metric, named: name) }
    for (_, check) in spec.checks.readable { self.check(check) }
    for name in spec.beforeMerge?.require ?? [] { requireCheck(name) }
    for (_, environment) in spec.environments.readable { check(environment) }
    for (criterion, row) in spec.promotion.readable { check(row, named: criterion) }
    for (_, slo) in spec.slos.readable { require(slo.metric, "metric") }
    for (_, alert) in spec.alerts.readable {
      check([alert.condition])
      if let role = alert.role { require(role, "role") }
    }
    for (_, channel) in spec.notifications.readable {
      for secret in channel.kind.secrets { require(secret, "secret") }
      for name in channel.environments { requireEnvironment(name) }
    }
    for (_, checklist) in spec.checklists.readable {
      for name in checklist.environments { requireEnvironment(name) }
      if let role = checklist.role { requireRole(role) }
      for case .check(let name) in checklist.items { requireCheck(name) }
    }
    for (_, freeze) in spec.freezes.readable { for name in freeze.environments { requireEnvironment(name) } }
    if let hotfix = spec.hotfix { check(hotfix) }
    for (_, drill) in spec.drills.readable { check(drill) }
    if let rotation = spec.rotation {
      requireRole(rotation.owner)
      require(rotation.token, "secret")
    }
    if let backup = spec.backup {
      requireRole(backup.owner)
      for (environment, _) in backup.retention { requireEnvironment(environment) }
      if let name = backup.check { requireCheck(name) }
      if let drill = backup.drill { require(drill, "drill") }
    }
    for trouble in spec.guidance.troubleshooting { if let name = trouble.environment { requireEnvironment(name) } }
  }

  /// A name where it stands in a mapping; the whole mapping where it is a name that is taken when none is written.
  private func written(_ name: String, in mapping: Span) -> Located<String> {
    let bytes = Array(file.text(in: mapping).utf8)
    let wanted = Array(name.utf8)
    var place: Int?
    if !wanted.isEmpty, wanted.count <= bytes.count {
      place = (0...(bytes.count - wanted.count)).first { start in
        let end = start + wanted.count
        return bytes[start..<end].elementsEqual(wanted) && !(start > 0 && isPart(bytes[start - 1]))
          && !(end < bytes.count && isPart(bytes[end]))
      }
    }
    guard let place else { return Located(name, at: mapping) }
    let start = mapping.start + place
    return Located(name, at: Span(start: start, end: start + wanted.count))
  }

  private func isPart(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
  }

  private mutating func requireEnvironment(_ name: Located<String>) {
    require(name, "environment")
  }

  private mutating func requireRole(_ name: Located<String>) { require(name, "role") }

  private mutating func check(_ hotfix: Hotfix) {
    for (name, environment) in hotfix.environments.readable {
      requireEnvironment(name)
      for waiver in environment.waives { require(waiver.criterion, "criterion") }
      for role in environment.approvals.flatMap(\.anyOf) { requireRole(role) }
      for check in (environment.verify ?? []) + (environment.before ?? []) { requireCheck(check) }
      if let rollout = environment.rollout { check(rollout) }
    }
  }

  private mutating func check(_ drill: Drill) {
    requireRole(drill.owner)
    switch drill.kind {
    case .environments(let exercises): for (name, _) in exercises { requireEnvironment(name) }
    case .program(_, let secrets, let environment, _):
      requireEnvironment(environment)
      for secret in secrets { require(secret, "secret") }
    }
  }

  private mutating func check(_ rollout: Rollout) {
    for name in rollout.verify { requireCheck(name) }
    for step in rollout.steps {
      check(step.require)
      check(step.failWhen)
    }
    if let stabilisation = rollout.stabilisation {
      check(stabilisation.require)
      for name in stabilisation.verify { requireCheck(name) }
    }
  }

  /// An environment's files and GitHub environments are named after it, and must not be those of something else.
  private mutating func checkIsFree(_ name: Located<String>) {
    let way = name.value.hasSuffix("-rollback") ? String(name.value.dropLast("-rollback".count)) : nil
    let guarded = way.flatMap { sets["environment"]?.contains($0) == true ? $0 : nil }
    let quick = spec.hotfix?.environments.names.first { name.value == hotfixEnvironment($0) }
    let label =
      switch name.value {
      case "rollback": "the workflow that takes versions back has this name"
      case "before-merge": "the workflow that judges pull requests has this name"
      default:
        guarded.map { "this is where \($0) is taken back" } ?? quick.map { "this is the hotfix way into \($0)" }
      }
    guard let label else { return }
    problems.append(
      Diagnostic(
        code: "invalid-name", severity: .error, message: "`\(name.value)` cannot be the name of an environment",
        span: name.span, label: label, help: ["choose another name"]))
  }

  private mutating func check(_ metric: Metric, named name: Located<String>) {
    if let source = metric.source {
      require(source, "source")
    } else if spec.sources.entries.count != 1, !brokenSections.contains("sources") {
      problems.append(
        Diagnostic(
          code: "unknown-name", severity: .error,
          message: spec.sources.isEmpty
            ? "`\(name.value)` has nowhere to come from: no source is declared"
            : "`\(name.value)` does not say from which source it comes",
          span: name.span,
          help: [
            spec.sources.isEmpty
              ? "declare one under `sources`, such as `prometheus: { prometheus: { url: PROMETHEUS_URL } }`"
              : "add `source:` with one of \(spelledList(spec.sources.names))"
          ]))
    }
  }

  private mutating func check(_ check: Check) {
    for secret in check.secrets { require(secret, "secret") }
    switch check.kind {
    case .stableFor(let environment, _): requireEnvironment(environment)
    case .comment(_, let role): requireRole(role)
    case .require(let conditions): self.check(conditions)
    case .run(let program):
      for metric in program.comparison?.metrics ?? [] { require(metric, "metric") }
    default: break
    }
  }

  private mutating func check(_ environment: EnvironmentSpec) {
    if let after = environment.after { require(after, "environment") }
    for name in environment.before + environment.verify + environment.report { requireCheck(name) }
    for secret in environment.migration?.secrets ?? [] {
      require(secret, "secret")
    }
    for secret in environment.target.login.secrets + environment.target.secrets {
      require(written(secret, in: environment.deploySpan), "secret")
    }
    check(environment.rollout)
    if let decision = environment.decision { require(decision.role, "role") }
    if let rollback = environment.rollback {
      check(rollback.when)
      check(rollback.recovered)
      for name in rollback.verify { requireCheck(name) }
      if let database = rollback.database {
        requireCheck(database.compatible)
        for secret in database.secrets { require(secret, "secret") }
      }
    }
  }

  private mutating func check(_ conditions: [Condition]) {
    for condition in conditions {
      switch condition.kind {
      case .metric(let metric): require(metric.metric, "metric")
      case .checkFails(let name): requireCheck(name)
      case .manual: break
      }
    }
  }

  private mutating func check(_ row: PromotionRow, named criterion: Located<String>) {
    if ![approvalsCriterion, soakCriterion].contains(criterion.value) {
      require(criterion, "check", known: "row")
    }
    for cell in row.cells.entries {
      require(cell.name, "environment")
      guard case .approvals(let approvals)? = cell.value?.value else { continue }
      for role in approvals.flatMap(\.anyOf) { require(role, "role") }
    }
  }

  private mutating func requireCheck(_ name: Located<String>) { require(name, "check") }

  /// `known` is the kind of names that can stand here as well, where that is more than `kind`.
  private mutating func require(_ name: Located<String>, _ kind: String, known wider: String? = nil) {
    let section = kind == "criterion" ? "promotion" : kind + "s"
    if sets[wider ?? kind]?.contains(name.value) == true || brokenSections.contains(section) { return }
    let known = declared[wider ?? kind] ?? []
    // It may be as secret as what it stands in for, so a rule speaks of it that never repeats it.
    if kind == "secret", Secret.isAddress(name.value) { return }
    let suggestion = Spelling.closest(to: name.value, among: known)
    // Where a default is meant nothing stands that could be replaced.
    let isWritten = name.span.end - name.span.start <= name.value.utf8.count + 2
    problems.append(
      Diagnostic(
        code: "unknown-name", severity: .error, message: "there is no \(kind) `\(name.value)`", span: name.span,
        label: suggestion.map { "did you mean `\($0)`?" },
        help: suggestion == nil
          ? [
            known.isEmpty
              ? "declare it: no \(kind) is declared yet" : "declare it, or write one of \(spelledList(known))"
          ] : [],
        fixes: isWritten
          ? suggestion.map {
            [
              Diagnostic.Fix(
                title: "write `\($0)`", isSafe: Spelling.isSame(name.value, as: $0),
                edits: [Diagnostic.Edit(span: name.span, replacement: $0)])
            ]
          } ?? [] : []))
  }
}
