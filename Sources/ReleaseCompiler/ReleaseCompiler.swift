import AlertRulesBackend
import Diagnostics
import GitHubActionsBackend
import GitHubWorkflow
import ReleaseLanguage
import ReleaseModel
import ReleaseRules
import RunbookBackend
import ShellBackend
import YAMLDocument

/// The pipeline: text → located tree → typed spec → plan → judged → workflows, scripts and a runbook.
///
/// Pure: it takes and returns values, and the same text gives the same bytes on any machine.
public enum ReleaseCompiler {
  /// What reading and judging a spec came to. There is a plan only when nothing is wrong.
  public struct Checked: Sendable {
    /// The file as it can be shown: with stars where a credential stands, because findings are read in logs.
    public let file: SourceFile
    public let diagnostics: [Diagnostic]
    /// What comments of the file let be, each with its reason.
    public var allowed: [Diagnostic] = []
    /// What is wrong with the waivers of this service, in the file of the policy.
    public var inPolicy: [Diagnostic] = []
    public let plan: ReleasePlan?
    /// The plan also of a spec that could be read but was judged wrong: to be looked at, never to be generated from.
    public var draft: ReleasePlan?

    public var hasErrors: Bool { (diagnostics + inPolicy).contains { $0.severity == .error } }
  }

  /// A policy, and the day on which it is asked which of its waivers hold.
  public struct Minimum: Sendable {
    public let policy: Policy
    public let today: CalendarDay

    public init(policy: Policy, today: CalendarDay) {
      self.policy = policy
      self.today = today
    }
  }

  public static func check(_ file: SourceFile) -> Checked { check(file, against: nil) }

  public static func check(_ file: SourceFile, against minimum: Minimum?) -> Checked {
    var sink = DiagnosticSink()
    guard let document = YAMLDocument.parse(file, into: &sink), let spec = ReleaseSpecShape.read(document, into: &sink)
    else { return Checked(file: file, diagnostics: sink.sorted(), plan: nil) }
    let unreadable = sink.diagnostics.filter { $0.severity == .error }.map(\.span)
    // Judged even when reading found mistakes: all problems in one run. The rules know what could not be read.
    let plan = PlanBuilder.plan(spec)
    for diagnostic in RuleCatalogue.check(spec, plan, scalars: document.scalars) { sink.report(diagnostic) }
    let judgement = minimum.map {
      PolicyJudgement(spec, plan, by: $0.policy, on: $0.today, unreadable: unreadable)
    }
    let found = judgement.map { $0.joined(with: sink.diagnostics) } ?? sink.sorted()
    let comments = AllowComments(
      document.comments, on: found, in: file, names: names, mayMiss: !unreadable.isEmpty)
    let literals = found.filter { RuleCatalogue.isConfidential($0) }.map(\.span)
    let texts = literals.map { file.text(in: $0) }
    func shown(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
      literals.isEmpty ? diagnostics : diagnostics.map { $0.hiding(texts) }
    }
    let hasErrors = comments.remaining.contains { $0.severity == .error }
    return Checked(
      file: file.hiding(literals), diagnostics: shown(comments.remaining), allowed: shown(comments.allowed),
      inPolicy: judgement?.inPolicy ?? [], plan: hasErrors ? nil : plan, draft: unreadable.isEmpty ? plan : nil)
  }

  /// Reads the file of a policy. There is one only when nothing is wrong with it: one that was read in part would ask less than
  /// it was meant to.
  public static func readPolicy(_ file: SourceFile) -> (policy: Policy?, diagnostics: [Diagnostic]) {
    var sink = DiagnosticSink()
    let policy = YAMLDocument.parse(file, into: &sink).flatMap { PolicyShape.read($0, into: &sink) }
    return (sink.hasErrors ? nil : policy, sink.sorted())
  }

  /// Everything that a finding can be called.
  private static let names =
    RuleCatalogue.all.map { $0.name } + PolicyCodes.all.map(\.name) + AllowCodes.all.map(\.name)
    + ReadingCodes.all.map(\.name) + YAMLDocument.codes.map(\.code)

  /// Every backend, in the order in which its files are listed. A new one is a line here.
  private static let backends: [@Sendable (ReleasePlan, ActionPins) -> [GeneratedFile]] = [
    { plan, pins in
      GitHubActionsBackend.workflows(for: plan, pins: pins).map { path, workflow in
        GeneratedFile(path: path, kind: .workflow, body: WorkflowRenderer.render(workflow), service: plan.service)
      }
    },
    { plan, _ in
      ShellBackend.scripts(for: plan).map { path, text in
        GeneratedFile(path: path, kind: .script, body: text, service: plan.service)
      }
    },
    { plan, _ in
      let runbook = RunbookBackend.runbook(for: plan)
      return [GeneratedFile(path: runbook.path, kind: .runbook, body: runbook.text, service: plan.service)]
    },
    { plan, _ in
      AlertRulesBackend.files(for: plan).map { path, text in
        GeneratedFile(path: path, kind: .alertRules, body: text, service: plan.service)
      }
    },
  ]

  /// Everything that a plan is compiled to, in a fixed order; its workflows use actions at these commits.
  public static func generate(_ plan: ReleasePlan, pins: ActionPins = ActionPins()) -> [GeneratedFile] {
    backends.flatMap { $0(plan, pins) }
  }

  /// The folders in which generated files are, whatever the service.
  public static let folders = [".github/workflows", "docs/runbooks", "monitoring", "ops"]

  /// What a file of ours says that it is.
  public enum FileKind: Sendable, Equatable {
    case spec(service: String?)
    case policy
    case other
  }

  /// Tells specs, policies and other files apart by the keys that begin them, however wrong they are otherwise.
  public static func kind(of file: SourceFile) -> FileKind {
    // Hardly any file of a repository says it, and reading one as YAML takes long.
    guard file.text.contains("liftlock".utf8) else { return .other }
    var sink = DiagnosticSink()
    guard let document = YAMLDocument.parse(file, into: &sink), document.kind(of: document.root) == .mapping else {
      return .other
    }
    if document.value(for: "liftlock-policy", in: document.root) != nil { return .policy }
    guard document.value(for: "liftlock", in: document.root) != nil else { return .other }
    let service = document.value(for: "service", in: document.root)
    return .spec(
      service: service.flatMap { document.kind(of: $0) == .scalar ? document.string(of: $0) : nil })
  }
}

extension ReleaseCompiler {
  /// Whether a file that was taken for a spec is a policy.
  public static func isPolicy(_ file: SourceFile) -> Bool {
    file.text.contains("liftlock-policy".utf8) && kind(of: file) == .policy
  }
}

extension [UInt8] {
  fileprivate func contains(_ part: String.UTF8View) -> Bool {
    let part = Array(part)
    guard let first = part.first, count >= part.count else { return false }
    return (0...count - part.count).contains { self[$0] == first && self[$0..<$0 + part.count].elementsEqual(part) }
  }
}

extension YAMLDocument {
  /// Every scalar with its place, keys included, for rules that look at the text itself.
  var scalars: [Located<String>] {
    var result: [Located<String>] = []
    var pending = [root]
    while let node = pending.popLast() {
      switch kind(of: node) {
      case .scalar: result.append(Located(string(of: node), at: span(of: node)))
      case .sequence: if !isAlias(node) { pending.append(contentsOf: elements(of: node)) }
      case .mapping:
        guard !isAlias(node) else { continue }
        for (key, value) in entries(of: node) {
          pending.append(key)
          pending.append(value)
        }
      }
    }
    return result
  }
}
