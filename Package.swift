// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house, in the order in which they may import each other. CONTRIBUTING.md has the picture.
let package = Package(
  name: "liftlock",
  products: [.executable(name: "liftlock", targets: ["liftlock"])],
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")],
  targets: [
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "Diagnostics"),
    .target(name: "TextLayout"),
    .target(name: "YAMLDocument", dependencies: ["CLibYAML", "Diagnostics"]),
    .target(name: "SpecShape", dependencies: ["Diagnostics", "YAMLDocument"]),
    .target(name: "SpecTemplate"),
    .target(name: "ReleaseModel", dependencies: ["Diagnostics"]),
    .target(name: "DeployDrivers", dependencies: ["ReleaseModel", "SpecShape"]),
    .target(name: "ReleaseLanguage", dependencies: ["DeployDrivers", "ReleaseModel", "SpecShape"]),
    .target(name: "ReleaseRules", dependencies: ["Diagnostics", "ReleaseModel"]),
    .target(name: "GitHubWorkflow", dependencies: ["TextLayout"]),
    .target(name: "ShellBackend", dependencies: ["ReleaseModel", "TextLayout"]),
    .target(name: "GitHubActionsBackend", dependencies: ["GitHubWorkflow", "ReleaseModel", "TextLayout"]),
    .target(name: "RunbookBackend", dependencies: ["ReleaseModel", "TextLayout"]),
    .target(name: "AlertRulesBackend", dependencies: ["ReleaseModel", "TextLayout"]),
    .target(name: "PlanReport", dependencies: ["Diagnostics", "ReleaseModel", "TextLayout"]),
    .target(
      name: "ReleaseCompiler",
      dependencies: [
        "AlertRulesBackend", "Diagnostics", "GitHubActionsBackend", "ReleaseLanguage", "ReleaseRules", "RunbookBackend",
        "ShellBackend", "YAMLDocument",
      ]),
    .target(
      name: "ReferenceDocs",
      dependencies: [
        "Diagnostics", "ReleaseLanguage", "ReleaseRules", "SpecShape", "SpecTemplate", "TextLayout", "YAMLDocument",
      ]),
    .executableTarget(name: "embed-files"),
    .plugin(name: "EmbedWorld", capability: .buildTool(), dependencies: ["embed-files"]),
    .target(
      name: "Rehearsal",
      dependencies: [
        "Diagnostics", "GitHubActionsBackend", "GitHubWorkflow", "ReleaseCompiler", "ReleaseModel", "ShellBackend",
      ],
      exclude: ["World"], plugins: ["EmbedWorld"]),
    .executableTarget(name: "reference-docs", dependencies: ["ReferenceDocs"]),
    .executableTarget(
      name: "liftlock",
      dependencies: [
        "GitHubActionsBackend", "GitHubWorkflow", "PlanReport", "ReferenceDocs", "Rehearsal", "ReleaseCompiler",
        "SpecTemplate", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "TextLayoutTests", dependencies: ["TextLayout"]),
    .testTarget(name: "YAMLDocumentTests", dependencies: ["Diagnostics", "YAMLDocument"]),
    .testTarget(name: "GitHubWorkflowTests", dependencies: ["GitHubWorkflow"]),
    .testTarget(
      name: "ReleaseRulesTests", dependencies: ["Diagnostics", "ReleaseLanguage", "ReleaseRules", "YAMLDocument"],
      exclude: ["CorrectSpecs"]),
    .testTarget(
      name: "GitHubActionsBackendTests",
      dependencies: ["GitHubActionsBackend", "GitHubWorkflow", "ReleaseLanguage", "ReleaseModel", "YAMLDocument"]),
    .testTarget(
      name: "ReferenceDocsTests",
      dependencies: [
        "Diagnostics", "ReferenceDocs", "ReleaseCompiler", "ReleaseLanguage", "ReleaseRules", "SpecShape",
        "YAMLDocument", "liftlock", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "RunbookBackendTests",
      dependencies: ["Diagnostics", "ReleaseLanguage", "ReleaseModel", "RunbookBackend", "TextLayout", "YAMLDocument"]),
    .testTarget(
      name: "ReleaseCompilerTests",
      dependencies: [
        "Diagnostics", "ReferenceDocs", "ReleaseCompiler", "ReleaseLanguage", "ReleaseModel", "ReleaseRules",
        "YAMLDocument",
      ]),
    .testTarget(
      name: "GeneratedFilesLintTests",
      dependencies: ["Diagnostics", "GitHubActionsBackend", "GitHubWorkflow", "ReleaseCompiler"]),
    .testTarget(
      name: "GeneratedScriptsTests",
      dependencies: [
        "Diagnostics", "GitHubActionsBackend", "GitHubWorkflow", "Rehearsal", "ReleaseCompiler", "ReleaseModel",
      ]),
    .testTarget(
      name: "RehearsalTests",
      dependencies: ["Diagnostics", "GitHubWorkflow", "Rehearsal", "ReleaseCompiler", "ReleaseModel"],
      exclude: ["ArgumentRecorder"]),
    .testTarget(
      name: "SpecMutationTests", dependencies: ["Diagnostics", "ReleaseCompiler", "ReleaseRules", "YAMLDocument"]),
    .testTarget(name: "AlertRulesBackendTests", dependencies: ["AlertRulesBackend", "Diagnostics", "ReleaseCompiler"]),
    .testTarget(
      name: "PlanReportTests", dependencies: ["Diagnostics", "PlanReport", "ReleaseCompiler", "ReleaseModel"]),
    .testTarget(name: "SpecTemplateTests", dependencies: ["Diagnostics", "ReleaseCompiler", "SpecTemplate"]),
    .testTarget(name: "CommandLineTests", dependencies: ["ReleaseRules", "liftlock"]),
    .testTarget(
      name: "ShellBackendTests", dependencies: ["ShellBackend", "TextLayout"]),
    .testTarget(
      name: "SetupScriptTests", dependencies: ["Diagnostics", "ReleaseCompiler", "ReleaseModel", "ShellBackend"]),
  ]
)
