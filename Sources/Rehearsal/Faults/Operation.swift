import GitHubWorkflow
import ReleaseModel

/// One thing that a release does to, or asks of, something outside of its scripts, in one step of its workflow: what can go
/// wrong. All of them come from the plan and the workflow that was made from it.
public struct Operation: Sendable {
  /// For example `deploy`, `shift to 25 %`, `metric error-rate at 5 %`, `rollback: undo`.
  public let name: String
  /// The job of the workflow, and the step of it, counted from 0.
  public let job: String
  public let step: Int
  public let medium: Medium
  /// What has to go wrong first for it to happen at all.
  public let occasion: Occasion

  public enum Medium: Sendable {
    /// Calls of a program: its name, and what its arguments look like, as regular expressions.
    case calls([Call])
    /// Requests to these hosts.
    case requests(hosts: [String])
    /// A query of a metric: what its text looks like.
    case metric([String])

    func isLike(_ other: Medium) -> Bool {
      switch (self, other) {
      case (.calls, .calls), (.requests, .requests), (.metric, .metric): true
      default: false
      }
    }
  }

  public struct Call: Sendable, Hashable {
    public let program: String
    public let arguments: String
  }

  public enum Occasion: String, Sendable {
    case always
    /// The in-job rollback: the new version has to be bad.
    case badVersion
    /// The guard: the runner of the rollout has to be lost.
    case lostRunner
  }

  /// What can happen to it.
  public var kinds: [FaultKind] {
    switch medium {
    case .metric: [.missing, .nan]
    case .requests: [.hang, .garbage, .refused, .dns, .http500, .http429, .kill]
    case .calls(let calls):
      calls.allSatisfy { $0.program == "repository-program" }
        ? [.fail, .hang, .garbage, .kill, .killAfter]
        : [.fail, .hang, .garbage, .refused, .dns, .http500, .http429, .kill, .killAfter]
    }
  }
}

/// A way in which an operation goes wrong.
public enum FaultKind: String, Sendable, CaseIterable {
  /// The command ends with an error.
  case fail
  /// It never answers.
  case hang
  /// It answers, but not with what it should.
  case garbage
  /// The script is killed when it comes to this, and once more (`kill-after`) when this has just taken effect.
  case kill
  case killAfter = "kill-after"
  /// Nobody listens at the address.
  case refused
  /// The name of the host is unknown.
  case dns
  case http500 = "http-500"
  case http429 = "http-429"
  /// The metric has no data.
  case missing
  /// The metric is not a number.
  case nan

  /// As a person says it.
  public var words: String {
    switch self {
    case .fail: "fails"
    case .hang: "hangs"
    case .garbage: "answers garbage"
    case .kill: "is killed before it takes effect"
    case .killAfter: "is killed right after it took effect"
    case .refused: "finds nobody listening"
    case .dns: "finds no such host"
    case .http500: "answers 500"
    case .http429: "answers 429"
    case .missing: "has no data"
    case .nan: "is not a number"
    }
  }
}

extension Operation {
  /// The fault as rules of the world, for its own step.
  public func fault(_ kind: FaultKind, answers: [JSON] = []) -> StepFault {
    var fault = StepFault(job: job, step: step)
    switch medium {
    case .metric(let patterns):
      fault.answers = patterns.map { ["match": .string($0), "result": kind == .nan ? "nan" : "empty"] }
    case .requests(let hosts):
      switch kind {
      case .refused: fault.unreachable = hosts.map { ($0, .refused) }
      case .dns: fault.unreachable = hosts.map { ($0, .unknownName) }
      default:
        fault.rules = hosts.map { host in
          rule(kind, "http", "^\\w+ https?://\(escaped(host))([:/?]|$)")
        }
      }
    case .calls(let calls): fault.rules = calls.map { rule(kind, $0.program, $0.arguments) }
    }
    return fault
  }

  private func rule(_ kind: FaultKind, _ program: String, _ match: String) -> JSON {
    var rule: JSON = ["command": .string(program), "match": .string(match), "kind": "fail"]
    func fails(_ text: String) { rule["stderr"] = .string("\(program): \(text)\n") }
    switch kind {
    case .fail: break
    case .hang: rule["kind"] = "hang"
    case .garbage: rule["kind"] = "garbage"
    case .kill, .killAfter:
      rule["kind"] = "kill"
      rule["times"] = 1
      if kind == .killAfter { rule["when"] = "after" }
    case .refused: fails("connect: connection refused")
    case .dns: fails("lookup: no such host")
    case .http500 where program == "http": rule["status"] = 500
    case .http500: fails("HTTP 500: Internal Server Error")
    case .http429 where program == "http": rule["status"] = 429
    case .http429: fails("HTTP 429: Too Many Requests")
    case .missing, .nan: break
    }
    return rule
  }
}
