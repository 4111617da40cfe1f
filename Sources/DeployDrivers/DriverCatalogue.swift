import ReleaseModel
import SpecShape

/// What a spec chose under `deploy`: a driver with its settings, to be turned into a target once the rollout is known.
public struct DriverChoice: Sendable {
  public let driver: String
  private let makeTarget: @Sendable (Rollout) -> DeployTarget

  init(driver: String, makeTarget: @escaping @Sendable (Rollout) -> DeployTarget) {
    self.driver = driver
    self.makeTarget = makeTarget
  }

  public func target(for rollout: Rollout) -> DeployTarget { makeTarget(rollout) }
}

/// Every driver. A new one is a folder with its shape and its operations, and a line here.
public enum DriverCatalogue {
  static let all: [Variant<DriverChoice>] = [
    AzureContainerApps.variant,
    AzureContainerInstances.variant,
    Kubernetes.variant,
    WebhookDriver.variant,
    CommandDriver.variant,
  ]

  public static let shape = Shape<DriverChoice>.variant(
    "deploy", "The platform that the service runs on, and what the service is called there.", all)
}
