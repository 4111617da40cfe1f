import ReleaseModel

extension Kubernetes {
  /// Something in front of both deployments that splits traffic by weight.
  struct Router {
    let preflight: [Action]
    /// Gives nothing to the canary.
    let close: [Action]
    /// Gives `WEIGHT` percent to the canary.
    let shift: [Action]
    /// The canary's weight in percent.
    let weight: Query
  }

  static func gatewayRouter(_ settings: Settings, _ route: GatewayRoute) -> Router {
    let routed = get(settings, "httproute", Word(route.route))
    let rule = ".spec.rules[\(route.rule)].backendRefs"
    /// Only the weights are changed, each where its backend stands: filters and whatever else is there stay. The patch fails
    /// when somebody has reordered the backends in between.
    func weights(_ stable: String, _ canary: String, _ arguments: [RuntimeVariable]) -> [Action] {
      let filter = """
        [\(rule) | to_entries[] | (if .value.name == "\(route.service)" then \(stable) elif .value.name == \
        "\(route.canaryService)" then \(canary) else empty end) as $share | ("/spec/rules/\(route.rule)/backendRefs/" + \
        (.key | tostring)) as $path | {op: "test", path: ($path + "/name"), value: .value.name}, {op: "add", path: ($path + \
        "/weight"), value: $share}] | tojson
        """
      return [
        .read(.patch, Query(routed, filter, arguments: arguments), missing: "HTTPRoute \(route.route) has no backends"),
        .run(
          kubectl(settings, "patch", Word("httproute/\(route.route)"), "--type", "json", "--patch", Word(.patch))),
      ]
    }
    return Router(
      preflight: [
        .require(
          Query(
            routed,
            "[\(rule)[]? | .name] | contains([\"\(route.service)\", \"\(route.canaryService)\"])"),
          orFail:
            "rule \(route.rule) of HTTPRoute \(route.route) must have both services as backends, "
            + "\(route.service) with weight 100 and \(route.canaryService) with weight 0")
      ],
      close: weights("100", "0", []),
      shift: weights("($remainder | tonumber)", "($weight | tonumber)", [.weight, .remainder]),
      weight: Query(routed, "[\(rule)[]? | select(.name == \"\(route.canaryService)\") | .weight // 1] | add // 0"))
  }

  /// Source: ingress-nginx's documentation of annotations, "Canary".
  static func nginxRouter(_ settings: Settings, _ ingress: String) -> Router {
    let prefix = "nginx.ingress.kubernetes.io/canary"
    let object = get(settings, "ingress", Word(ingress))
    func weigh(_ weight: Word) -> Action {
      .run(
        kubectl(
          settings, "annotate", "--overwrite", Word("ingress/\(ingress)"), Word("\(prefix)=true"),
          Word("\(prefix)-weight=") + weight))
    }
    return Router(
      preflight: [
        .require(
          Query(object, "[.spec.rules[]?] | length > 0"), orFail: "ingress \(ingress) has no rule for a host")
      ],
      close: [weigh("0")], shift: [weigh(Word(.weight))],
      weight: Query(
        object,
        """
        .metadata.annotations // {} | if .["\(prefix)"] == "true" then .["\(prefix)-weight"] // "0" | tonumber else 0 end
        """))
  }
}
