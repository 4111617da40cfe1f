import GitHubWorkflow
import ReleaseModel

/// Every operation of a release with everything that can happen to it, and every step with every way to break the run off.
public struct FaultMatrix: Sendable {
  /// One release in which one thing goes wrong, besides what has to go wrong for that to happen.
  public struct Case: Sendable, CustomStringConvertible {
    public let description: String
    public let options: ReleaseRehearsal.Options
  }

  public let cases: [Case]

  public init(_ rehearsal: ReleaseRehearsal, limit: Int = 900) throws {
    var cases: [Case] = []
    let operations = try rehearsal.operations()
    let bad = BadVersion.awful(rehearsal.environment)
    let firstStep = Self.firstShift(rehearsal.workflow)
    for operation in operations {
      for kind in operation.kinds {
        var options = ReleaseRehearsal.Options()
        options.limit = limit
        options.faults = [OperationFault(operation, kind)]
        switch operation.occasion {
        case .always: break
        case .badVersion: options.bad = [bad]
        case .lostRunner:
          guard let firstStep else { continue }
          options.interruption = PlannedInterruption(.loseRunner, at: firstStep)
          options.takesBackByHand = true
        }
        cases.append(Case(description: "\(operation.name) \(kind.words)", options: options))
      }
    }
    for job in rehearsal.workflow.jobs where job.id == "rollout" {
      for (index, step) in job.steps.enumerated() {
        guard case .run = step.kind, Self.mayRun(step) else { continue }
        for kind in PlannedInterruption.Kind.allCases {
          for reading in kind == .timeout ? WorkflowRunRequest.TimedOutJobResult.allCases : [.cancelled] {
            var options = ReleaseRehearsal.Options()
            options.limit = limit
            options.interruption = PlannedInterruption(kind, at: .step("\(job.id)/\(index)", after: 40))
            options.timedOut = reading
            let what = kind.words + (reading == .failure ? " (and later jobs see a failure)" : "")
            cases.append(Case(description: "\(what) in “\(step.name)”", options: options))
          }
        }
      }
    }
    self.cases = cases
  }

  /// Steps that a good release comes to.
  private static func mayRun(_ step: Step) -> Bool {
    guard case .run(let script) = step.kind else { return false }
    let words = Operations.words(script.text)
    return words.first != "rollback.sh" && !(words.count > 2 && words[1] == "notify" && words[2] == "failed")
  }

  private static func firstShift(_ workflow: Workflow) -> PlannedInterruption.Place? {
    guard let job = workflow.jobs.first(where: { $0.id == "rollout" }) else { return nil }
    let index = job.steps.firstIndex { step in
      guard case .run(let script) = step.kind else { return false }
      return Operations.words(script.text).dropFirst().first == "step"
    }
    return index.map { .step("\(job.id)/\($0)", after: 40) }
  }

  /// Evenly spread cases, the same ones every time.
  public func sample(_ count: Int) -> [Case] {
    guard count < cases.count, count > 0 else { return cases }
    // A stride without a common factor with the size goes over all kinds, and not over every tenth operation's first.
    return (0..<count).map { cases[($0 * cases.count / count + $0 * 7) % cases.count] }
  }

  /// What is wrong with how a case ended; nothing: it ended as a release may.
  public static func faults(of report: RehearsalReport) -> [String] {
    var faults: [String] = []
    // The runner is lost and what stands in for it fails, too: nobody is left but a person, who has to be called, and whose
    // one command has to be enough.
    let isLeftToAPerson = report.isTakenBackByHand == true && report.conclusion == .failure
    if !report.ending.isDeclared, !isLeftToAPerson {
      faults.append("ended in no declared state: \(report.remarks.joined(separator: "; "))")
    }
    if report.ending == .promoted || report.ending == .rolledBack || report.ending == .resting, !report.isRecorded {
      faults.append("no record says so")
    }
    faults += report.problems.map { "stand-ins: \($0)" } + report.leaks.map { "secret seen: \($0)" }
    return faults
  }
}

extension PlannedInterruption.Kind {
  public var words: String {
    switch self {
    case .cancel: "the run is cancelled"
    case .loseRunner: "the runner is lost"
    case .timeout: "the job's time is up"
    }
  }
}

extension BadVersion {
  /// As bad as a version can be, from its first request on: whatever a plan watches, this is found.
  public static func awful(_ environment: EnvironmentPlan) -> BadVersion {
    var metrics: [String: JSON] = [:]
    for metric in environment.metrics {
      switch (metric.metric.better, metric.metric.unit) {
      case (.higher, _): metrics[metric.name] = 0
      case (.lower, .percent): metrics[metric.name] = 100
      case (.lower, _): metrics[metric.name] = 1_000_000
      }
    }
    return BadVersion(
      text: "everything", rule: ["weight_at_least": 1, "health": 503, "metrics": .object(metrics)])
  }
}

extension RehearsalReport {
  /// Whether what was written down says how it ended.
  public var isRecorded: Bool {
    let state = marker["state"] ?? ""
    return records.contains { record in
      record.state.hasPrefix("\(state) at") || ending == .rolledBack && record.kind == "rollback"
    }
  }
}
