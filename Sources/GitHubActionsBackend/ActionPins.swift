public import GitHubWorkflow

/// The actions that generated workflows use, each at one commit.
///
/// A spec's owner can bring commits of their own; what is not given is what was current when this was written.
public struct ActionPins: Sendable, Hashable {
  /// Fetches the repository, and with it the generated scripts.
  public var checkout: PinnedAction
  /// Keeps the record of a release.
  public var uploadArtifact: PinnedAction
  /// Logs in to Azure by OIDC.
  public var azureLogin: PinnedAction

  /// Pins; read from the actions' own tags unless given.
  public init(
    checkout: PinnedAction = PinnedAction(
      name: "actions/checkout", commit: "3d3c42e5aac5ba805825da76410c181273ba90b1", version: "v7.0.1"),
    uploadArtifact: PinnedAction = PinnedAction(
      name: "actions/upload-artifact", commit: "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f", version: "v7.0.0"),
    azureLogin: PinnedAction = PinnedAction(
      name: "azure/login", commit: "f5d393ae46f8fde4be8b75f32e3fc50e654ad0ca", version: "v3.0.1")
  ) {
    self.checkout = checkout
    self.uploadArtifact = uploadArtifact
    self.azureLogin = azureLogin
  }

  /// Liftlock's own, with those of a file in their places.
  public init(_ file: PinFile) {
    self.init()
    for pin in file.pins {
      switch pin.name {
      case checkout.name: checkout = pin
      case uploadArtifact.name: uploadArtifact = pin
      case azureLogin.name: azureLogin = pin
      default: break
      }
    }
  }

  /// Every one, by name.
  public var all: [PinnedAction] { [checkout, uploadArtifact, azureLogin].sorted { $0.name < $1.name } }
}
