/// A heading that other parts of the page link to.
struct Heading: Sendable {
  let level: Int
  let text: String

  /// The fragment under which GitHub finds it: lower case, spaces as hyphens, other punctuation left out.
  var anchor: String {
    var result = ""
    for character in text.lowercased() {
      if character == " " || character == "-" {
        result += "-"
      } else if character == "_" || character.isLetter || character.isNumber {
        result.append(character)
      }
    }
    return result
  }

  static let emergency = Heading(level: 2, text: "Something is wrong right now?")
  static let glance = Heading(level: 2, text: "At a glance")
  static let calendar = Heading(level: 2, text: "When a release may run")
  static let hotfix = Heading(level: 2, text: "Hotfix")
  static let watches = Heading(level: 2, text: "After a release: who watches")
  static let trouble = Heading(level: 2, text: "Troubleshooting")
  static let beforeMerge = Heading(level: 2, text: "Before merge")
  static let matrix = Heading(level: 2, text: "Promotion matrix")
  static let rollback = Heading(level: 2, text: "Rollback")
  static let triggers = Heading(level: 3, text: "Rollback triggers")
  static let afterRollback = Heading(level: 3, text: "After a rollback")
  static let afterRelease = Heading(level: 2, text: "After a release")
  static let afterHotfix = Heading(level: 2, text: "After a hotfix")
  static let notifications = Heading(level: 2, text: "Who is told of what")
  static let alerts = Heading(level: 2, text: "Alerts")
  static let objectives = Heading(level: 3, text: "Objectives")
  static let roles = Heading(level: 2, text: "Roles")
  static let secrets = Heading(level: 2, text: "Secrets")
  static let rotation = Heading(level: 2, text: "Secret rotation")
  static let emergencyRotation = Heading(level: 3, text: "Emergency rotation")
  static let backup = Heading(level: 2, text: "Backup")
  static let makeBackup = Heading(level: 3, text: "Make a backup")
  static let restoreBackup = Heading(level: 3, text: "Restore a backup")
  static let drills = Heading(level: 2, text: "Drills")
  static let readiness = Heading(level: 2, text: "Readiness")
  static let gitHubEnvironments = Heading(level: 2, text: "GitHub environments to set up")
  static let limits = Heading(level: 2, text: "Limits worth knowing")
  static let checks = Heading(level: 2, text: "Checks")
  static let metrics = Heading(level: 2, text: "Metrics")
  static let evidence = Heading(level: 2, text: "Evidence")

  static func release(_ environment: String) -> Heading { Heading(level: 2, text: "Release into \(environment)") }
  static func start(_ environment: String) -> Heading { Heading(level: 3, text: "\(environment): start it") }
  static func checklists(_ environment: String) -> Heading {
    Heading(level: 3, text: "\(environment): before a release")
  }
  static func gates(_ environment: String) -> Heading { Heading(level: 3, text: "\(environment): what must be true") }
  static func approvals(_ environment: String) -> Heading { Heading(level: 3, text: "\(environment): who approves") }
  static func window(_ environment: String) -> Heading { Heading(level: 3, text: "\(environment): change window") }
  static func migration(_ environment: String) -> Heading { Heading(level: 3, text: "\(environment): migration") }
  static func steps(_ environment: String) -> Heading { Heading(level: 3, text: "\(environment): step by step") }
  static func records(_ environment: String) -> Heading { Heading(level: 3, text: "\(environment): what is recorded") }
  static func troubles(_ environment: String) -> Heading {
    Heading(level: 3, text: "\(environment): troubleshooting")
  }
  static func rollback(_ environment: String) -> Heading { Heading(level: 3, text: "Roll back \(environment)") }
  static func rollbackByHand(_ environment: String) -> Heading {
    Heading(level: 3, text: "Roll back \(environment) by hand")
  }
  static func metric(_ name: String) -> Heading { Heading(level: 3, text: "Metric \(name)") }
}
