import ReleaseModel

/// The programs that the scripts of an environment call.
enum ToolWords {
  static func needed(_ environment: EnvironmentPlan) -> [String] {
    var tools = ["bash", "jq", "curl", "awk"]
    let asksAzure = environment.metrics.contains { metric in
      if case .azureLogAnalytics = metric.source.kind { return true }
      return false
    }
    for tool in environment.operations.tools + (asksAzure ? ["az"] : []) where !tools.contains(tool) {
      tools.append(tool)
    }
    return tools
  }
}
