import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

/// The whole of `release.yaml`. Decoding, the JSON Schema and the reference page come from this one value.
public enum ReleaseSpecShape {
  struct Written: Sendable {
    let service: Located<String>
    let summary: String?
    let artifact: Artifact
    let candidates: Located<TagPattern>?
    let roles: NamedMap<Role>
    let secrets: NamedMap<Secret>
    let sources: NamedMap<MetricSource>
    let metrics: NamedMap<Metric>
    let checks: NamedMap<Check>
    let beforeMerge: BeforeMerge?
    let environments: NamedMap<EnvironmentShape.Written>
    let promotion: NamedMap<PromotionRow>
    let evidence: Evidence?
    let slos: NamedMap<ServiceLevelObjective>
    let alerts: NamedMap<Alert>
    let notifications: NamedMap<NotificationChannel>
    let checklists: NamedMap<Checklist>
    let freezes: NamedMap<Freeze>
    let hotfix: Hotfix?
    let drills: NamedMap<Drill>
    let readiness: NamedMap<Readiness>
    let rotation: Rotation?
    let backup: Backup?
    let guidance: Guidance
  }

  private static let version = Shape<Int>(schema: .integer(minimum: 1, maximum: 1)) { node, reader in
    if reader.document.kind(of: node) == .scalar, reader.document.string(of: node) == "1" { return 1 }
    reader.sink.report(
      Diagnostic(
        code: "unknown-version", severity: .error, message: "this version of the language is not known here",
        span: reader.document.span(of: node), help: ["write `liftlock: 1`"]))
    return 1
  }

  private static let serviceName = Shape<String>.line.map { text, node, reader -> String? in
    guard let problem = NamePattern.word.problem(with: text) else { return text }
    reader.sink.report(
      Diagnostic(
        code: "invalid-name", severity: .error, message: "`\(text)` cannot be the name of a service",
        span: reader.document.span(of: node), label: problem, help: [NamePattern.word.help]))
    return text
  }.called("a name", pattern: NamePattern.word.regularExpression)

  static let shape = Shape<Written>.object(
    "release spec", "How one service is released, checked, promoted and taken back.",
    .required("liftlock", version, "The version of the language.", example: "1", standIn: { @Sendable _ in 1 }),
    .required(
      "service", serviceName.located, "The service; workflows, scripts and runbooks are named after it.",
      example: "shop", standIn: { @Sendable in Located("service", at: $0) }),
    .optional(
      "summary", .line, "What it is and when a release happens, in a sentence; it opens the runbook.",
      example: "The shop, released from main by every merge."),
    .required(
      "artifact", ArtifactShape.shape, "What is built once and promoted unchanged.",
      standIn: { @Sendable span in
        Artifact(image: Located("image", at: span), identity: .digest, build: nil, registry: nil, span: span)
      }),
    .optional("candidates", CandidatesShape.shape, "What makes a ref a release candidate."),
    .defaulted(
      "roles", RoleShape.shape.named("role", keyPattern: .word), to: NamedMap(), shown: "{}", "The people, by duty."),
    .defaulted(
      "secrets", SecretShape.shape.named("secret", keyPattern: .secret), to: NamedMap(), shown: "{}",
      "The secrets, by name."),
    .defaulted(
      "sources", SourceShape.shape.named("source", keyPattern: .word), to: NamedMap(), shown: "{}",
      "Where metrics come from."),
    .defaulted(
      "metrics", MetricShape.shape.named("metric", keyPattern: .word), to: NamedMap(), shown: "{}", "What is measured."),
    .defaulted(
      "checks", CheckShape.shape.named("check", keyPattern: .word), to: NamedMap(), shown: "{}", "The checks."),
    .optional("before-merge", BeforeMergeShape.shape, "What a pull request must pass."),
    .required(
      "environments", EnvironmentShape.shape.named("environment", keyPattern: .word), "Where versions run, in order.",
      standIn: { @Sendable in NamedMap(span: $0) }),
    .defaulted(
      "promotion", PromotionShape.shape, to: NamedMap(), shown: "{}",
      "The matrix: criterion × environment promoted into."),
    .optional("evidence", EvidenceShape.shape, "The record of each release."),
    .defaulted(
      "slos", SLOShape.shape.named("objective", keyPattern: .word), to: NamedMap(), shown: "{}",
      "What has been promised of the service; alerts watch it."),
    .defaulted(
      "alerts", AlertShape.shape.named("alert", keyPattern: .alert), to: NamedMap(), shown: "{}",
      "What people are called for, as rules of Prometheus."),
    .defaulted(
      "notify", NotifyShape.shape.named("notification", keyPattern: .word), to: NamedMap(), shown: "{}",
      "Who is told of what."),
    .defaulted(
      "checklists", ChecklistShape.shape.named("checklist", keyPattern: .word), to: NamedMap(), shown: "{}",
      "What people do before a release, after it, after a rollback and after a hotfix."),
    .defaulted(
      "freezes", FreezeShape.shape.named("freeze", keyPattern: .word), to: NamedMap(), shown: "{}",
      "Days on which no release starts."),
    .optional("hotfix", HotfixShape.shape, "A declared way around."),
    .defaulted(
      "drills", DrillShape.shape.named("drill", keyPattern: .word), to: NamedMap(), shown: "{}",
      "Exercises, on a schedule and on demand."),
    .defaulted(
      "readiness", ReadinessShape.shape.named("readiness", keyPattern: .word), to: NamedMap(), shown: "{}",
      "Workflows over evidence that others have left."),
    .optional("rotation", RotationShape.shape, "How secrets are replaced."),
    .optional("backup", BackupShape.shape, "How the data is saved and brought back."),
    .defaulted("contacts", GuidanceShapes.contacts, to: [], shown: "[]", "Who is reached how."),
    .defaulted(
      "escalation", GuidanceShapes.escalation, to: [], shown: "[]", "Who is called when nobody before has answered."),
    .defaulted(
      "troubleshooting", GuidanceShapes.troubleshooting, to: [], shown: "[]", "What goes wrong, and what to do."),
    .defaulted("monitoring", GuidanceShapes.watches, to: [], shown: "[]", "Who watches a new version, and how long."),
    .defaulted("links", GuidanceShapes.links, to: [], shown: "[]", "Places that people need at hand.")
  ) {
    _, _, service, summary, artifact, candidates, roles, secrets, sources, metrics, checks, beforeMerge, environments,
    promotion, evidence, slos, alerts, notifications, checklists, freezes, hotfix, drills, readiness, rotation, backup,
    contacts,
    escalation, troubleshooting, watches, links in
    Written(
      service: service, summary: summary, artifact: artifact, candidates: candidates, roles: roles, secrets: secrets,
      sources: sources, metrics: metrics, checks: checks, beforeMerge: beforeMerge, environments: environments,
      promotion: promotion, evidence: evidence, slos: slos, alerts: alerts, notifications: notifications,
      checklists: checklists, freezes: freezes,
      hotfix: hotfix, drills: drills, readiness: readiness, rotation: rotation, backup: backup,
      guidance: Guidance(
        contacts: contacts, escalation: escalation, troubleshooting: troubleshooting, watches: watches, links: links))
  }

  /// The description from which schema and reference are printed.
  public static var schema: SchemaNode { shape.schema }

  /// Reads and resolves a spec. `nil` only when nothing of use could be read; problems are in the reader's sink.
  public static func read(_ document: YAMLDocument, into sink: inout DiagnosticSink) -> ReleaseSpec? {
    var reader = SpecReader(document: document, sink: sink)
    defer { sink = reader.sink }
    guard let written = shape.read(document.root, &reader) else { return nil }
    return NameResolution.resolve(written, &reader)
  }
}
