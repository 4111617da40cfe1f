import Diagnostics
import Foundation
import GitHubWorkflow
import ReleaseLanguage
import ReleaseModel
import Testing
import YAMLDocument

@testable import GitHubActionsBackend

/// The plan of a spec's text. A spec that is not read without errors is a mistake of the test.
func plan(of text: String, path: String = "release.yaml") throws -> ReleasePlan {
  var sink = DiagnosticSink()
  let document = try #require(YAMLDocument.parse(SourceFile(path: path, text: text), into: &sink))
  let spec = try #require(ReleaseSpecShape.read(document, into: &sink))
  #expect(!sink.hasErrors, "\(sink.sorted().map { "\($0.code): \($0.message)" })")
  return PlanBuilder.plan(spec)
}

/// The plan of one of the repository's examples.
func example(_ name: String) throws -> ReleasePlan {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let path = root.appendingPathComponent("Examples/\(name)/release.yaml")
  return try plan(of: String(contentsOf: path, encoding: .utf8), path: path.lastPathComponent)
}

/// A small spec; its check and its role have this title.
func smallSpec(title: String = "Owner", canRollBack: Bool = true) -> String {
  """
  liftlock: 1
  service: shop
  artifact: { image: ghcr.io/acme/shop, identity: digest }
  roles:
    owner: { title: "\(title)", reviewers: [acme/owners] }
    product: { reviewers: [acme/product] }
  secrets:
    KUBECONFIG: { in: [prod], purpose: cluster access, rotate: 30d }
  checks:
    ci: { title: "\(title)", github-checks: [unit] }
    smoke: { probe: { requests: [GET /health] } }
  environments:
    prod:
      on: { manual: true }
      url: https://shop.example
      deploy: { kubernetes: { namespace: shop, deployment: shop, container: shop } }
      rollout: { rolling: { verify: [smoke], watch: 5m } }
      \(canRollBack ? "rollback: { when: [smoke fails for 1m], verify: [smoke] }" : "")
  promotion:
    ci: { prod: required }
    approvals: { prod: [owner, product] }
  """
}

let examples = ["forge", "trade-nexus"]

/// All workflows of both examples.
func allWorkflows() throws -> [(path: String, workflow: Workflow)] {
  try examples.flatMap { GitHubActionsBackend.workflows(for: try example($0)) }
}

/// One workflow of a plan, by the end of its path: `forge-api-prod`.
func workflow(_ name: String, of plan: ReleasePlan) throws -> Workflow {
  try #require(
    GitHubActionsBackend.workflows(for: plan).first { $0.path == ".github/workflows/\(name).yml" }?.workflow)
}

func tradeNexus() throws -> Workflow {
  try workflow("trade-nexus-backend-production", of: example("trade-nexus"))
}

func forgeProd() throws -> Workflow { try workflow("forge-api-prod", of: example("forge")) }

extension Workflow {
  func job(_ id: String) throws -> Job { try #require(jobs.first { $0.id == id }) }
}

extension Job {
  /// The place of the first step whose name starts like this.
  func index(of name: String) throws -> Int { try #require(steps.firstIndex { $0.name.hasPrefix(name) }) }
  func step(_ name: String) throws -> Step { steps[try index(of: name)] }
}

extension Step {
  /// What it runs; empty for an action.
  var script: String {
    if case .run(let script) = kind { script.text } else { "" }
  }

  var action: String? {
    if case .uses(let action, _) = kind { action.name } else { nil }
  }

  /// The names of the secrets that it gets, in `env` or as inputs.
  var secrets: Set<String> {
    var values = env.entries.map(\.value)
    if case .uses(_, let inputs) = kind { values += inputs.entries.map(\.value) }
    let paths = values.flatMap { $0.template.expressions.flatMap(\.paths) }
    return Set(paths.filter { $0.first == "secrets" && $0.count > 1 }.map { $0[1] })
  }
}

/// A target with a marker, as far as a workflow can tell: what the scripts would do to it.
struct World {
  /// A release has begun on the target and neither finished nor been taken back.
  private(set) var isUnfinished = false
  /// How often a rollback really moved traffic.
  private(set) var rollbacks: [String] = []
  /// What ran: the last words of each script, the name of each action.
  private(set) var calls: [String] = []
  /// Calls that fail.
  var failing: Set<String> = []

  mutating func execute(_ request: StepRequest) throws -> StepResult {
    let call = Self.call(of: request)
    calls.append(call)
    if request.job.id == "result" {
      let results = Dictionary(uniqueKeysWithValues: request.env.entries.map { ($0.name, $0.value) })
      return try bash(request.step.script, results).code == 0 ? .success() : .failure()
    }
    // A machine that is gone, or a step that is broken off, may have done its work all the same: the worst case.
    if call == "rollout deploy" { isUnfinished = true }
    if failing.contains(call) { return .failure() }
    if call == "rollout complete", request.interruption == nil { isUnfinished = false }
    if call.hasPrefix("rollback"), request.interruption == nil, isUnfinished {
      isUnfinished = false
      rollbacks.append(request.job.id)
    }
    return .success(outputs: request.step.id == "artifact" ? ["artifact": "registry.example/app@sha256:0"] : [:])
  }

  private static func call(of request: StepRequest) -> String {
    if let action = request.step.action { return action }
    let words = request.step.script.split(separator: " ")
    guard let path = words.first, path.hasPrefix("ops/"), let file = path.split(separator: "/").last else {
      return request.step.name
    }
    return ([String(file.dropLast(3))] + words.dropFirst().map(String.init)).joined(separator: " ")
  }
}

/// Runs a release with every secret of its environments set.
func run(
  _ workflow: Workflow, in world: inout World, _ disturbances: [Disturbance] = [],
  timedOut: WorkflowRunRequest.TimedOutJobResult = .cancelled
) throws -> WorkflowRun {
  var environments = NamedValues<WorkflowRunRequest.EnvironmentValues>()
  for job in workflow.jobs {
    guard let name = job.environment?.name.rendered else { continue }
    let names = job.steps.reduce(into: Set<String>()) { $0.formUnion($1.secrets) }.sorted()
    environments[name] = .init(secrets: NamedValues(names.map { .init($0, "value-of-\($0)") }))
  }
  let event = try #require(workflow.triggers.first?.event)
  let request = WorkflowRunRequest(
    event: event, environments: environments, disturbances: disturbances, timedOutJobResult: timedOut)
  return try WorkflowInterpreter.run(workflow, request: request) { try world.execute($0) }
}
