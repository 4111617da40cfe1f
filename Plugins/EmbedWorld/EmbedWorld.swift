import Foundation
import PackagePlugin

/// Makes the stand-ins of `Sources/Rehearsal/World` part of the program: the tool is one file wherever it is installed.
///
/// SwiftPM's own `.embedInCode` names resources by their last component, and the world has several `__init__.py`; it also
/// writes bytes one by one, which takes minutes to compile.
@main
struct EmbedWorld: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) async throws -> [Command] {
    let folder = context.package.directoryURL.appending(path: "Sources/Rehearsal/World")
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedWorld.swift")
    let found = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    // What only develops the world stays outside.
    let paths = found.filter { path in
      let name = path.split(separator: "/").last ?? ""
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: folder.appending(path: path).path, isDirectory: &isFolder)
      return isThere && !isFolder.boolValue && !path.contains("__pycache__") && !name.hasPrefix(".")
        && name != "README.md" && name != "selftest.py"
    }.sorted()
    return [
      .buildCommand(
        displayName: "Embedding the test world",
        executable: try context.tool(named: "embed-files").url,
        arguments: [folder.path, output.path] + paths,
        inputFiles: paths.map { folder.appending(path: $0) },
        outputFiles: [output])
    ]
  }
}
